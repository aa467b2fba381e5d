import { describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../../lib/project-root.ts'
import { ConfigError } from '../../../model/config-error.ts'
import type { FilesSource } from '../../../model/skillset-declaration.ts'
import { ONE_ORIGIN, SKILLSETS, sampleConfig, serverTemplate } from '../sample-factory.ts'
import { functionOf, joined, only, resourcesOfType, roleStatements, type TemplateJson } from '../template-json.ts'

const templateWith = (source: FilesSource, context: Readonly<Record<string, unknown>> = {}) =>
  serverTemplate('devops', {
    config: sampleConfig(),
    skillsets: { ...SKILLSETS, devops: { ...SKILLSETS.devops, needs: [{ kind: 'files', source }] } },
    context,
  })
const variablesOf = (template: TemplateJson) => functionOf(template, 'devops')[1].Properties.Environment.Variables
const statementsOf = (template: TemplateJson) =>
  roleStatements(template)
    .filter(({ statement }) => /Files$/.test(statement.Sid ?? ''))
    .map(({ statement: { Action, Resource, Condition } }) => [Action, joined(Resource), Condition])

describe('files', () => {
  it('of a bucket that is there are read below their prefix, and never written', () => {
    const template = templateWith({ bucket: 'lake', prefix: 'retail/' })
    expect(variablesOf(template)).toMatchObject({ DATA_BUCKET: 'lake', DATA_PREFIX: 'retail/' })
    expect(resourcesOfType(template, 'AWS::S3::Bucket')).toEqual([])
    expect(statementsOf(template)).toEqual([
      ['s3:GetObject', 'arn:<AWS::Partition>:s3:::lake/retail/*', undefined],
      ['s3:ListBucket', 'arn:<AWS::Partition>:s3:::lake', { StringLike: { 's3:prefix': 'retail/*' } }],
    ])
  })

  it('of the sample are in a bucket of the stack, which an output names and a tag marks', () => {
    const template = templateWith({ sample: true })
    const [[id] = ['']] = resourcesOfType(template, 'AWS::S3::Bucket')
    expect(variablesOf(template)).toMatchObject({ DATA_BUCKET: { Ref: id }, DATA_PREFIX: '' })
    expect(template.Outputs?.SampleDataBucket?.Value).toEqual({ Ref: id })
    const { Properties, DeletionPolicy } = only(template, 'AWS::S3::Bucket')
    expect(Properties.Tags).toEqual([{ Key: 'content', Value: 'sample-data' }])
    expect(DeletionPolicy).toBe('Retain')
    expect(statementsOf(template)).toEqual([
      ['s3:GetObject', `<${id}.Arn>/*`, undefined],
      ['s3:ListBucket', `<${id}.Arn>`, undefined],
    ])
  })

  it('of a folder are for one machine: the function knows its absolute path, and a deployment is refused', () => {
    const template = templateWith({ folder: './data' }, ONE_ORIGIN)
    expect(variablesOf(template)).toMatchObject({ DATA_FOLDER: `${PROJECT_ROOT}/data` })
    expect(statementsOf(template)).toEqual([])
    const deployed = () => templateWith({ folder: './data' })
    expect(deployed).toThrow(ConfigError)
    expect(deployed).toThrow('servers.devops.options: found the folder "./data"; allowed where it is deployed: {')
  })
})
