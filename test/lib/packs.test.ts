import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type App, Validations } from 'aws-cdk-lib'
import { CfnStage } from 'aws-cdk-lib/aws-apigateway'
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { addPacks } from '../../lib/packs.ts'
import type { FactoryConfigInput } from '../../model/factory-config.ts'
import type { FilesSource, Need } from '../../model/skillset-declaration.ts'
import { DOMAIN, ONE_ORIGIN, type SampleOptions, SKILLSETS, sampleConfig, sampleFactory } from './sample-factory.ts'

const PACKS = ['AwsSolutions', 'Serverless']

interface Finding {
  readonly rule: string
  /** Of the construct. */
  readonly path: string
}

/** What both packs find in an app, warnings included. */
function findingsOf(app: App): Finding[] {
  addPacks(app)
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  try {
    app.synth()
  } catch {
    // An error of a pack stops the synthesis; its report is written all the same.
  } finally {
    said.mockRestore()
    process.exitCode = 0
  }
  const file = join(app.outdir, 'validation-report.json')
  if (!existsSync(file)) return []
  const { pluginReports } = JSON.parse(readFileSync(file, 'utf8')) as {
    pluginReports: {
      pluginName: string
      violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[]
    }[]
  }
  return pluginReports
    .filter(({ pluginName }) => PACKS.includes(pluginName))
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, path: constructPath })),
    )
}

const OIDC: FactoryConfigInput['connection'] = {
  provider: 'oidc',
  issuer: 'https://id.example.com',
  asserts: ['example.com'],
  allowedDomains: ['example.com'],
  secretVersion: 'version-1',
}
const DIRECT: FactoryConfigInput['connection'] = {
  provider: 'google',
  via: 'direct',
  allowedDomains: ['example.com'],
  secretVersion: 'version-1',
}

const SERVERS: FactoryConfigInput['servers'] = {
  productivity: {
    skillset: 'productivity',
    network: { subnets: ['subnet-0a1b2c3d4e5f60718'], securityGroups: ['sg-0a1b2c3d4e5f60718'] },
  },
  tickets: {
    title: 'Tickets',
    proxy: { url: 'https://tickets.example.com/mcp', headers: { 'x-api-key': { secret: 'tickets-key' } } },
  },
  open: { title: 'Open data', proxy: { url: 'https://data.example.com/mcp', public: true } },
}

const WITH_FILES: readonly Need[] = [
  { kind: 'bucket', expireDays: { 'results/': 1, 'reports/': 90 } },
  { kind: 'layer', name: 'duckdb' },
  { kind: 'size', memoryMegabytes: 3008, ephemeralMegabytes: 2048 },
]
const skillsetsWithFiles = (source: FilesSource) => ({
  ...SKILLSETS,
  devops: {
    ...SKILLSETS.devops,
    needs: [...SKILLSETS.devops.needs, ...WITH_FILES, { kind: 'files', source } as const],
  },
})

const ATHENA: Need = {
  kind: 'athena',
  source: { bucket: 'lake', prefix: 'a/' },
  tables: {
    orders: { description: 'Orders', folder: '{tenant}/orders', format: 'parquet', types: { id: 'int' }, columns: {} },
  },
  scanMegabytes: 500,
}
const skillsetsWithAthena = {
  ...SKILLSETS,
  devops: { ...SKILLSETS.devops, needs: [...SKILLSETS.devops.needs, ATHENA] },
}

const SHAPES: Record<string, SampleOptions> = {
  'Google through Cognito': {},
  'Google directly': { config: sampleConfig({ connection: DIRECT }) },
  'another provider directly': { config: sampleConfig({ connection: OIDC }) },
  'another provider through Cognito': { config: sampleConfig({ connection: { ...OIDC, via: 'cognito' } }) },
  'a domain': { config: sampleConfig({ domain: DOMAIN }) },
  'a VPC, a proxied server, one open to everybody': { config: sampleConfig({ servers: SERVERS }) },
  'a bucket of its own, a layer, files of the sample': { skillsets: skillsetsWithFiles({ sample: true }) },
  'a bucket of its own, files of another bucket': { skillsets: skillsetsWithFiles({ bucket: 'lake', prefix: 'a/' }) },
  'Athena over files of another bucket': { skillsets: skillsetsWithAthena },
  'one origin on one machine': { context: ONE_ORIGIN },
}

afterEach(() => vi.restoreAllMocks())

describe.each(Object.entries(SHAPES))('the AwsSolutions and Serverless packs, %s', (_, options) => {
  it('find nothing that is not acknowledged', () => {
    expect(findingsOf(sampleFactory(options).app)).toEqual([])
  })

  it('would find everything that is acknowledged, so that no acknowledgement hides a later fault', () => {
    const acknowledged: Finding[] = []
    vi.spyOn(Validations, 'of').mockImplementation((construct) => {
      const validations = new (Validations as unknown as new (scope: typeof construct) => Validations)(construct)
      validations.acknowledge = (...rules) => {
        acknowledged.push(...rules.map(({ id }) => ({ rule: id, path: construct.node.path })))
      }
      return validations
    })
    const findings = findingsOf(sampleFactory(options).app)
    const unused = acknowledged.filter(
      ({ rule, path }) => !findings.some((found) => found.rule === rule && `${found.path}/`.startsWith(`${path}/`)),
    )
    expect(findings).not.toEqual([])
    expect(unused).toEqual([])
  })
})

describe('a planted fault is found', () => {
  it.each<[string, (factory: ReturnType<typeof sampleFactory>) => void, string[]]>([
    [
      'an API that logs no access',
      ({ servers }) => {
        for (const construct of servers.devops?.node.findAll() ?? [])
          if (construct instanceof CfnStage) construct.accessLogSetting = undefined
      },
      ['AwsSolutions-APIG1', 'Serverless-APIGWAccessLogging'],
    ],
    [
      'a right to do anything to any item',
      ({ authorization }) => {
        const everything = { actions: ['dynamodb:*'], resources: ['arn:aws:dynamodb:eu-west-1:1:table/one'] }
        const [role] = authorization.node.findAll().filter((construct) => construct instanceof Role)
        role?.addToPolicy(new PolicyStatement(everything))
      },
      ['AwsSolutions-IAM5[Action::dynamodb:*]'],
    ],
  ])('%s', (_, plant, rules) => {
    const factory = sampleFactory()
    plant(factory)
    expect(findingsOf(factory.app).map(({ rule }) => rule)).toEqual(rules)
  })
})
