import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { synthesizedStacks } from '../../docs/make/synthesized-stacks.ts'
import { ConfigError } from '../../model/config-error.ts'
import { defineFactory } from '../../model/factory-config.ts'
import { authorizationStackName, connectionSecretName, physicalName } from '../../model/names.ts'
import { namedPaths, PROJECT_ROOT, readProjectFile, tableRows } from './tables.ts'

const page = readProjectFile('docs/deploy.md')
const folder = mkdtempSync(join(tmpdir(), 'deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The config as shipped with a domain, which makes every output there is. */
const withDomain = join(folder, 'domain.config.ts')
const shipped = pathToFileURL(join(PROJECT_ROOT, 'docs/make/shipped.config.ts')).href
const domain = { name: 'mcp.example.com', certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/1' }
writeFileSync(
  withDomain,
  `import config from '${shipped}'\nexport default { ...config, domain: ${JSON.stringify(domain)} }\n`,
)
const stacks = await synthesizedStacks(withDomain)
const resources = stacks.flatMap(({ template }) =>
  Object.values(template.Resources as Record<string, { Type: string; Properties?: object; DeletionPolicy?: string }>),
)

/** The page's commands that begin so, without what follows the command's own word. */
function named(pattern: RegExp): string[] {
  return [...new Set([...page.matchAll(pattern)].map(([, name = '']) => name))]
}

describe('what docs/deploy.md names is there', () => {
  it('files and links', () => {
    expect(namedPaths(page).filter((path) => !existsSync(join(PROJECT_ROOT, path)))).toEqual([])
    const links = named(/\]\(([\w./-]+)(?:#[\w-]*)?\)/g)
    expect(links.length).toBeGreaterThan(4)
    expect(links.filter((link) => !existsSync(join(PROJECT_ROOT, 'docs', link)))).toEqual([])
  })

  it('npm scripts', () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: object }
    const found = [...named(/npm run ([\w-]+)/g), ...named(/npm (start|test)\b/g)]
    expect(found).toEqual(expect.arrayContaining(['synth', 'factory', 'check', 'test']))
    expect(found.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  it('commands of the factory', () => {
    const { stdout } = spawnSync(process.execPath, [join(PROJECT_ROOT, 'bin/factory.ts'), '--help'], {
      encoding: 'utf8',
    })
    const commands = named(/npm run factory -- (\w+)/g)
    expect(commands).toEqual(expect.arrayContaining(['secrets', 'outputs', 'doctor', 'connect']))
    expect(commands.filter((command) => !new RegExp(`^ {2}${command}\\b`, 'm').test(stdout))).toEqual([])
  })

  it('keys of the config', () => {
    const keys = tableRows(page.slice(0, page.indexOf('## 2.')))
      .flatMap(([cell = '']) => [...cell.matchAll(/`(\w+)`/g)])
      .map(([, key = '']) => key)
    expect(keys).toEqual(expect.arrayContaining(['stage', 'connection', 'domain', 'logRetentionDays']))
    const given = Object.fromEntries(keys.map((key) => [key, null]))
    expect(problemsOf(given).filter((problem) => /found the key/.test(problem))).toEqual([])
    expect(problemsOf({ noSuchKey: null }).join()).toMatch(/found the key "noSuchKey"/)
  })

  it('outputs', () => {
    const outputs = stacks.flatMap(({ template }) => Object.keys(template.Outputs ?? {}))
    for (const output of ['Issuer', 'TableName', 'TableArn', 'RegistrarArn', 'Resource', 'DomainTarget']) {
      expect(outputs).toContain(output)
      expect(page).toContain(`\`${output}\``)
    }
  })

  it('stacks, secrets and the sign-in domain, by the names they have', () => {
    expect(page).toContain(authorizationStackName('<stage>'))
    expect(page).toContain(connectionSecretName('<stage>', 'google'))
    expect(page).toContain(physicalName('<stage>', '*'))
    expect(readProjectFile('lib/authorization-stack.ts')).toContain("super(scope, 'Authorization', {")
    expect(readProjectFile('lib/server-stack.ts')).toContain('super(scope, `Server-')
    const [signIn] = resources.filter(({ Type }) => Type === 'AWS::Cognito::UserPoolDomain')
    expect(signIn?.Properties).toMatchObject({ Domain: 'example-mcp-prod' })
  })
})

describe('what docs/deploy.md says is so', () => {
  it('what stays after a teardown', () => {
    const retained = resources.filter(({ DeletionPolicy = '' }) => DeletionPolicy.startsWith('Retain'))
    expect([...new Set(retained.map(({ Type }) => Type))].sort()).toEqual([
      'AWS::ApiGateway::Account',
      'AWS::DynamoDB::GlobalTable',
      'AWS::IAM::Role',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::SecretsManager::Secret',
    ])
    expect(retained.filter(({ Type }) => Type === 'AWS::IAM::Role')).toHaveLength(1)
  })

  it('the throttles', () => {
    const throttles = resources.flatMap(({ Properties }) =>
      [...JSON.stringify(Properties ?? {}).matchAll(/"Throttling(RateLimit|BurstLimit)":(\d+)/g)].map(
        ([, kind, limit]) => `${kind} ${limit}`,
      ),
    )
    expect([...new Set(throttles)].sort()).toEqual([
      'BurstLimit 10',
      'BurstLimit 20',
      'BurstLimit 200',
      'RateLimit 100',
      'RateLimit 5',
    ])
    expect(page).toContain('100 a second and bursts of 200')
    expect(page).toContain('5 a second, bursts of 20')
    expect(page).toContain('5 a second, bursts of 10')
  })

  it('the keys are rotated every 30 days', () => {
    const [rotation] = resources.filter(({ Type }) => Type === 'AWS::SecretsManager::RotationSchedule')
    expect(rotation?.Properties).toMatchObject({ RotationRules: { AutomaticallyAfterDays: 30 } })
  })
})

function problemsOf(config: object): readonly string[] {
  try {
    defineFactory(config as never)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}
