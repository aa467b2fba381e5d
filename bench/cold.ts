import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { bundling } from '../lib/bundling.ts'
import { PROJECT_ROOT } from '../lib/project-root.ts'
import { hundredths, median } from './figures.ts'

const ROUNDS = 25
const KILOBYTE = 1000
const OAUTH = 'lambdas/oauth/handler.ts'

/** What is loaded cold, beside the OAuth function: the least that a function can be, with and without the AWS SDK. */
const OTHERS = {
  'empty handler': 'export const handler = async () => ({ statusCode: 200 })',
  'empty handler and SDK clients': `
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
    import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
    import { AWS_CLIENT } from './lambdas/store/aws-client.ts'
    export const clients = [new DynamoDBClient(AWS_CLIENT), new SecretsManagerClient(AWS_CLIENT), GetSecretValueCommand]
    export const handler = async () => ({ statusCode: 200 })`,
} as const

/** A request that needs no table and no secret. */
const EVENT = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/.well-known/oauth-authorization-server',
  headers: {},
  requestContext: { http: { method: 'GET' }, requestId: 'cold' },
}
const FIRST_ANSWER = `
  const { handler } = await import(process.argv[2])
  const { statusCode } = await handler(${JSON.stringify(EVENT)}, {})
  process.exit(statusCode === 200 ? 0 : 1)`

const ENVIRONMENT = {
  NODE_OPTIONS: '--enable-source-maps',
  AWS_REGION: 'eu-central-1',
  ISSUER: 'https://mcp.example.com',
  TABLE_NAME: 'factory',
  KEYS_SECRET_ARN: 'arn:keys',
  UPSTREAM_ISSUER: 'http://127.0.0.1:1',
  UPSTREAM_CLIENT_ID: 'client',
  CLIENT_ID_METADATA_DOCUMENTS: 'on',
}

/**
 * The OAuth function's bundle without the AWS SDK, and the time from starting a process to its first answer, beside the
 * same of an empty handler.
 */
export async function benchCold(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-bench-'))
  try {
    const bundles = new Map<string, string>()
    for (const [name, contents] of Object.entries({ ...OTHERS, 'the OAuth function': `export * from './${OAUTH}'` })) {
      const path = join(directory, `${bundles.size}.mjs`)
      await writeFile(path, await bundle(contents))
      bundles.set(name, path)
    }
    const withoutSdk = await bundle(`export * from './${OAUTH}'`, { external: ['@aws-sdk/*'] })
    console.log(`\nBundle of the OAuth function, without the AWS SDK: ${(withoutSdk.length / KILOBYTE).toFixed(1)} KB`)
    const driver = join(directory, 'first-answer.mjs')
    await writeFile(driver, FIRST_ANSWER)
    report(inTurns(bundles, driver))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Bundled as it is deployed. */
export async function bundle(contents: string, more: BuildOptions = {}): Promise<Uint8Array> {
  const { entryPoints: _, sourcemap: __, ...options } = bundling([])
  const stdin = { contents, loader: 'ts', resolveDir: PROJECT_ROOT } as const
  const { outputFiles } = await build({ ...options, ...more, stdin, write: false })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild made no bundle')
  return file.contents
}

function inTurns(bundles: ReadonlyMap<string, string>, driver: string): Map<string, number> {
  const times = new Map([...bundles.keys()].map((name) => [name, [] as number[]]))
  // The first round brings the files into the machine's memory and is not counted.
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, path] of bundles) {
      const started = performance.now()
      const { status, stderr } = spawnSync(process.execPath, [driver, pathToFileURL(path).href], { env: ENVIRONMENT })
      if (status !== 0) throw new Error(`${name} gave no first answer: ${stderr}`)
      if (round > 0) times.get(name)?.push(performance.now() - started)
    }
  return new Map([...times].map(([name, each]) => [name, median(each)]))
}

function report(medians: ReadonlyMap<string, number>): void {
  const [empty = 0, withSdk = 0, oauth = 0] = medians.values()
  const rows = [...medians].map(([name, time]): [string, object] => [
    name,
    {
      'ms to the first answer': hundredths(time),
      '× empty handler': hundredths(time / empty),
      '× that with SDK clients': hundredths(time / withSdk),
    },
  ])
  console.table(Object.fromEntries(rows))
  console.log(`Less what the SDK clients take: ${hundredths((oauth - (withSdk - empty)) / empty)} × an empty handler`)
}
