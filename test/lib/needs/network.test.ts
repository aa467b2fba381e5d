import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../model/config-error.ts'
import { SKILLSETS, sampleConfig, sampleFactory, sampleTemplates } from '../sample-factory.ts'
import { functionOf, resourcesOfType, roleStatements, type TemplateJson } from '../template-json.ts'

const SERVER = 'prod-mcp-server-devops'
const VPC = { subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-12345678'], securityGroups: ['sg-0a1b2c3d4e5f60718'] }
const NETWORK_INTERFACES = /^ec2:\w+(?:NetworkInterfaces?|Subnets|PrivateIpAddresses)$/

const config = (network: typeof VPC) =>
  sampleConfig({ servers: { productivity: { skillset: 'productivity' }, devops: { skillset: 'devops', network } } })
const { needs } = SKILLSETS.devops
const skillsets = {
  ...SKILLSETS,
  devops: { ...SKILLSETS.devops, needs: [...needs, { kind: 'schedule', name: 'watch', everyMinutes: 5 } as const] },
}
const without = sampleTemplates({
  config: sampleConfig({ servers: { productivity: { skillset: 'productivity' }, devops: { skillset: 'devops' } } }),
  skillsets,
})
const templates = sampleTemplates({ config: config(VPC), skillsets })
const template = templates[SERVER] as TemplateJson

describe('a server in a VPC', () => {
  it('has its skillset and its jobs there, by the ids of the config, and not its gate', () => {
    for (const service of ['devops', 'devops-watch'])
      expect(functionOf(template, service)[1].Properties.VpcConfig).toEqual({
        SubnetIds: VPC.subnets,
        SecurityGroupIds: VPC.securityGroups,
      })
    expect(functionOf(template, 'devops-authorizer')[1].Properties.VpcConfig).toBeUndefined()
  })

  it('lets Lambda make network interfaces, and denies that to the code', () => {
    for (const service of ['devops', 'devops-watch']) {
      const [id, { Properties, DependsOn }] = functionOf(template, service)
      const own = roleStatements(template).filter(({ role }) => role === Properties.Role['Fn::GetAtt'][0])
      const allowed = own.find(({ statement }) => statement.Sid === 'JoinVpc')
      const denied = own.find(({ statement }) => statement.Sid === 'LeaveVpcToLambda')?.statement
      expect(allowed?.statement).toMatchObject({ Effect: 'Allow', Resource: '*' })
      for (const action of allowed?.statement.Action ?? []) expect(action).toMatch(NETWORK_INTERFACES)
      expect(denied).toMatchObject({
        Effect: 'Deny',
        Action: allowed?.statement.Action,
        Condition: { ArnEquals: { 'lambda:SourceFunctionArn': { 'Fn::GetAtt': [id, 'Arn'] } } },
      })
      // Lambda checks at creation that the role may.
      expect(DependsOn).toContain(allowed?.policy)
    }
  })

  it('changes its own stack alone', () => {
    for (const [name, other] of Object.entries(without)) if (name !== SERVER) expect(templates[name]).toEqual(other)
    expect(resourcesOfType(without[SERVER] as TemplateJson, 'AWS::Lambda::Function').length).toBeGreaterThan(0)
    expect(JSON.stringify(without[SERVER])).not.toContain('VpcConfig')
  })

  it('and a bucket by its name are taken as the config has them: synth asks no account', () => {
    const files = { kind: 'files', source: { bucket: 'lake', prefix: 'a/' } } as const
    const devops = { ...SKILLSETS.devops, needs: [files] }
    const { app } = sampleFactory({ config: config(VPC), skillsets: { ...SKILLSETS, devops } })
    expect(app.synth().manifest.missing).toBeUndefined()
  })

  it.each([
    [{ ...VPC, subnets: [] }, 'servers.devops.network.subnets: found []; allowed: at least 1'],
    [{ ...VPC, subnets: ['private'] }, 'network.subnets.0: found "private"; allowed: a subnet, such as'],
    [{ ...VPC, securityGroups: ['default'] }, 'network.securityGroups.0: found "default"; allowed: a security group'],
  ])('is refused with %j', (network, message) => {
    expect(() => config(network)).toThrow(ConfigError)
    expect(() => config(network)).toThrow(message)
  })
})
