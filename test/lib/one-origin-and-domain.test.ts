import { describe, expect, it } from 'vitest'
import { DOMAIN, NO_DOMAIN, ONE_ORIGIN, sampleConfig, sampleTemplates } from './sample-factory.ts'
import {
  type Json,
  joined,
  type RoleStatement,
  resourcesOfType,
  roleStatements,
  type TemplateJson,
} from './template-json.ts'

type Templates = Record<string, TemplateJson>

/** Every place where two sets of templates differ, with both values; logical ids of deployments are hashes. */
function differences(left: unknown, right: unknown, path = ''): [string, string, string][] {
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)])
    return [...keys].flatMap((key) =>
      differences((left as Templates)[key], (right as Templates)[key], `${path}/${key}`),
    )
  }
  return left === right ? [] : [[path, JSON.stringify(left) ?? 'absent', JSON.stringify(right) ?? 'absent']]
}

/** A deployment's id is a hash of all that it deploys. */
function withoutHashes(templates: Templates): Templates {
  return JSON.parse(
    JSON.stringify(templates)
      .replaceAll(/(ApiDeployment)[0-9A-F]{8}[0-9a-f]{32}/g, '$1')
      .replaceAll(/[0-9a-f]{64}\.zip/g, '<asset>'),
  )
}

function isForTraces({ statement }: Pick<RoleStatement, 'statement'>): boolean {
  return [statement.Action].flat().every((action) => action.startsWith('xray:'))
}

function withoutTraces(templates: Templates): Templates {
  for (const template of Object.values(templates))
    for (const [, { Properties }] of resourcesOfType(template, 'AWS::IAM::Policy'))
      Properties.PolicyDocument.Statement = Properties.PolicyDocument.Statement.filter(
        (statement: Json) => !isForTraces({ statement }),
      )
  return templates
}

describe('a local synth and a deployment', () => {
  const domain = withoutHashes(withoutTraces(sampleTemplates({ config: sampleConfig({ domain: DOMAIN }) })))

  it('on one host differ in origin, certificate, architecture and tracing only', () => {
    const local = withoutHashes(sampleTemplates({ context: ONE_ORIGIN }))
    for (const [path, cloud, here] of differences(domain, local)) {
      if (path.endsWith('/CertificateArn')) continue
      if (path.endsWith('/DomainName')) expect([cloud, here]).toEqual(['"mcp.example.com"', '"localhost"'])
      else if (path.includes('/Architectures/')) expect([cloud, here]).toEqual(['"arm64"', '"x86_64"'])
      else if (/\/(TracingConfig|TracingEnabled)/.test(path)) expect(['absent', 'false']).toContain(here)
      else expect(here, path).toBe(cloud.replaceAll('https://mcp.example.com', 'http://localhost:4100'))
    }
  })

  it('the statements that are absent are those for traces', () => {
    const traces = (templates: Templates) =>
      Object.values(templates).flatMap((template) => roleStatements(template).filter(isForTraces))
    const functions = Object.values(sampleTemplates()).flatMap(({ Resources }) =>
      Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function'),
    )
    expect(traces(sampleTemplates())).toHaveLength(functions.length)
    expect(traces(sampleTemplates({ context: ONE_ORIGIN }))).toEqual([])
  })

  it('without a domain differ in URLs, architecture and tracing only', () => {
    const cloud = withoutHashes(sampleTemplates())
    const local = withoutHashes(sampleTemplates({ context: NO_DOMAIN }))
    const paths = (templates: Templates) =>
      Object.entries(templates).flatMap(([stack, { Resources }]) =>
        Object.entries(Resources).map(([id, { Type }]) => `${stack}/${id} ${Type}`),
      )
    expect(paths(local)).toEqual(paths(cloud))
    const outputs = (templates: Templates, stack: string, output: string) =>
      joined(templates[stack]?.Outputs?.[output]?.Value)
    expect(outputs(local, 'prod-mcp-authorization', 'Issuer')).toBe('http://localhost:4101')
    expect(outputs(cloud, 'prod-mcp-authorization', 'Issuer')).toMatch(/^https:\/\/<\w+>\.execute-api\.[^/]+$/)
    expect(outputs(local, 'prod-mcp-server-devops', 'Resource')).toBe('http://localhost:4103/v1/mcp')
    expect(outputs(cloud, 'prod-mcp-server-devops', 'Resource')).toMatch(
      /^https:\/\/<\w+>\.execute-api\.[^/]+\/v1\/mcp$/,
    )
  })
})
