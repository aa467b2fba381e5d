import { describe, expect, it } from 'vitest'
import { SKILLSETS, sampleConfig, serverTemplate } from '../sample-factory.ts'
import { functionOf, joined, only, resourcesOfType, roleStatements } from '../template-json.ts'

const needs = [
  { kind: 'table' },
  { kind: 'secret', name: 'pager', optional: true },
  { kind: 'schedule', name: 'probe-services', everyMinutes: 1 },
] as const
const withNeeds = (own: typeof SKILLSETS.devops.needs) =>
  serverTemplate('devops', {
    config: sampleConfig(),
    skillsets: { ...SKILLSETS, devops: { ...SKILLSETS.devops, needs: own } },
  })
const template = withNeeds(needs)
const [jobId, job] = functionOf(template, 'devops-probe-services')
const [, server] = functionOf(template, 'devops')

describe('a schedule', () => {
  it('adds a function with a log and a role of its own, a rule and the permission for it, and nothing else', () => {
    const types = (of: typeof template) => Object.values(of.Resources).map(({ Type }) => Type)
    const before = types(withNeeds(needs.filter(({ kind }) => kind !== 'schedule')))
    const added = types(template)
    for (const type of before) added.splice(added.indexOf(type), 1)
    expect(added.sort()).toEqual([
      'AWS::Events::Rule',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
    ])
  })

  it.each([
    [1, 'rate(1 minute)', 50],
    [5, 'rate(5 minutes)', 290],
    [60, 'rate(1 hour)', 900],
  ])('every %d minutes is %s, and a run ends before the next begins', (everyMinutes, expression, timeout) => {
    const every = withNeeds([{ kind: 'schedule', name: 'probe-services', everyMinutes }])
    expect(only(every, 'AWS::Events::Rule').Properties).toMatchObject({
      ScheduleExpression: expression,
      State: 'ENABLED',
    })
    expect(functionOf(every, 'devops-probe-services')[1].Properties.Timeout).toBe(timeout)
  })

  it('a run that could not begin within a minute, or failed, is not repeated', () => {
    const once = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 }
    const [target] = only(template, 'AWS::Events::Rule').Properties.Targets
    expect(target).toMatchObject({ Arn: { 'Fn::GetAtt': [jobId, 'Arn'] }, RetryPolicy: once })
    expect(only(template, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      FunctionName: { Ref: jobId },
      ...once,
    })
  })

  it('its function may be invoked by that rule and by nobody else', () => {
    const [[ruleId]] = resourcesOfType(template, 'AWS::Events::Rule') as [[string, unknown]]
    const permissions = resourcesOfType(template, 'AWS::Lambda::Permission')
      .map(([, { Properties }]) => Properties)
      .filter(({ FunctionName }) => joined(FunctionName).includes(jobId))
    expect(permissions).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [jobId, 'Arn'] },
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [ruleId, 'Arn'] },
      },
    ])
  })

  it('its function has the environment of its server, with the same one table and secret', () => {
    const { POWERTOOLS_SERVICE_NAME, ...ofJob } = job.Properties.Environment.Variables
    const { POWERTOOLS_SERVICE_NAME: _server, ...ofServer } = server.Properties.Environment.Variables
    const { CONVERSATION_SECRET_ARN: _secret, CONVERSATION_TABLE_NAME: _table, ...needed } = ofServer
    expect(POWERTOOLS_SERVICE_NAME).toBe('devops-probe-services')
    expect(ofJob).toEqual(needed)
    expect(Object.keys(ofJob)).toEqual(expect.arrayContaining(['TABLE_NAME', 'SECRET_PAGER', 'OPTIONS']))
    expect(resourcesOfType(template, 'AWS::DynamoDB::GlobalTable').map(([id]) => id)).toEqual([
      expect.stringMatching(/^Conversation/),
      expect.stringMatching(/^Data/),
    ])
  })

  it('its role has what the other needs give, its own log and its traces, and nothing else', () => {
    const statementsOf = (of: typeof job) =>
      roleStatements(template)
        .filter(({ role }) => role === of.Properties.Role['Fn::GetAtt'][0])
        .map(({ statement }) => statement)
    const given = statementsOf(job).filter(({ Sid }) => Sid !== 'WriteOwnLog')
    expect(given.map(({ Sid }) => Sid ?? 'traces').sort()).toEqual(['ReadSecretPager', 'UseOwnTable', 'traces'])
    const ofServerAlone = ['WriteOwnLog', 'ReadConversationKey', 'UseConversation']
    expect(given).toEqual(statementsOf(server).filter(({ Sid }) => !ofServerAlone.includes(Sid)))
    const { Resource } = statementsOf(job).find(({ Sid }) => Sid === 'WriteOwnLog')
    expect(joined(Resource)).toMatch(/^<Jobprobeservices\w*Log\w+\.Arn>$/)
  })
})
