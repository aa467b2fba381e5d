import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseEnvironment } from '../../lambdas/runtime/environment.ts'
import { Bundles } from '../../lib/bundles.ts'
import { carryOptions } from '../../lib/carry-options.ts'
import { environmentSize, MOST_ENVIRONMENT_BYTES } from '../../lib/environment-size.ts'
import { SKILLSETS, sampleConfig, serverTemplate } from './sample-factory.ts'
import { functionOf } from './template-json.ts'

const FORTY_DATASETS = {
  engine: 'duckdb',
  datasets: Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [
      `dataset_${index}`,
      { title: `Data set ${index}`, description: 'What was sold, line by line.', files: `${index}/*.parquet` },
    ]),
  ),
}

describe('options', () => {
  it('that are few are in the environment', () => {
    expect(carryOptions({ speed: 2 })).toEqual({ environment: { OPTIONS: '{"speed":2}' }, files: {} })
  })

  it('of 40 data sets are a file of the function and of its jobs, whose environments stay small', () => {
    const servers = { devops: { skillset: 'devops', options: FORTY_DATASETS } }
    const template = serverTemplate('devops', { config: sampleConfig({ servers }), skillsets: SKILLSETS })
    for (const service of ['devops', 'devops-probe-services']) {
      const { Environment } = functionOf(template, service)[1].Properties
      expect(Environment.Variables).toMatchObject({ OPTIONS_FILE: 'options.json' })
      expect(Environment.Variables).not.toHaveProperty('OPTIONS')
      expect(environmentSize(Environment)).toBeLessThan(MOST_ENVIRONMENT_BYTES / 2)
    }
  })

  it('in a file lie beside the bundle, and are read from there', () => {
    const entry = 'lambdas/registrar/handler.ts'
    const { environment, files } = carryOptions(FORTY_DATASETS)
    const bundles = new Bundles([entry])
    const app = new App({ context: { 'aws:cdk:enable-asset-metadata': false } })
    const stack = new Stack(app, 'Stack')
    for (const [id, code] of [
      ['With', bundles.code(entry, files)],
      ['Without', bundles.code(entry)],
    ] as const)
      new LambdaFunction(stack, id, { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X })
    const { directory } = app.synth()
    const assets = readdirSync(directory).filter((name) => name.startsWith('asset.'))
    const withOptions = assets.filter((asset) => readdirSync(join(directory, asset)).includes('options.json'))
    expect([assets.length, withOptions.length]).toEqual([2, 1])
    const LAMBDA_TASK_ROOT = join(directory, withOptions[0] ?? '')
    expect(JSON.parse(readFileSync(join(LAMBDA_TASK_ROOT, 'options.json'), 'utf8'))).toEqual(FORTY_DATASETS)

    const variables = { ISSUER: 'https://mcp.example.com', SERVER_NAME: 'data', ALLOWED_ORIGINS: '[]', ...environment }
    const skillset = { needs: [], options: z.looseObject({ engine: z.literal('duckdb') }) }
    expect(parseEnvironment({ ...variables, LAMBDA_TASK_ROOT }, skillset).options).toEqual(FORTY_DATASETS)
    expect(() => parseEnvironment(variables, skillset)).toThrow("the function's options cannot be read: options.json")
  })
})
