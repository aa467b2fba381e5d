import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CLAIMS, GATE, itemsOf, signToken } from '../../test/lambdas/authorizer/fixtures.ts'
import { bundle } from '../cold.ts'
import { hundredths, median } from '../figures.ts'
import { eventWith } from './gate.ts'

const ROUNDS = 25
const KILOBYTE = 1000
const TABLE = 'factory'
const EMPTY = 'empty handler'

const GATE_ALONE = 'the gate, to its first Allow'
const ALLOW = "{ policyDocument: { Statement: [{ Effect: 'Allow' }] } }"

/** Much of the gate's time is Node's own, for the first request that it makes of anybody: hence the handlers that make one. */
const FUNCTIONS = {
  [EMPTY]: `export const handler = async () => (${ALLOW})`,
  'empty handler that asks a table once, by fetch': `export const handler = async () => {
    const init = { method: 'POST', headers: { 'x-amz-target': 'DynamoDB_20120810.Query' }, body: '{}' }
    const answer = await fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, init)
    await answer.text()
    return ${ALLOW}
  }`,
  'empty handler that asks a table once, by node:http': `export const handler = async () => {
    const init = { method: 'POST', headers: { 'x-amz-target': 'DynamoDB_20120810.Query' } }
    await new Promise((resolve) => {
      const asked = process.getBuiltinModule('http').request(process.env.AWS_ENDPOINT_URL_DYNAMODB, init)
      asked.on('response', (answer) => answer.resume().on('end', resolve)).end('{}')
    })
    return ${ALLOW}
  }`,
  'the gate, to its first refusal: no token': `import { handler as gate } from './lambdas/authorizer/handler.ts'
    export const handler = () => gate({ multiValueHeaders: {} }).catch(() => (${ALLOW}))`,
  [GATE_ALONE]: "export * from './lambdas/authorizer/handler.ts'",
} as const

/** The gate's bundle, and the time from starting a process to its first answer, beside an empty handler. */
export async function benchColdGate(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-bench-'))
  const table = createServer((request, response) => {
    response.end(JSON.stringify(answerOf(String(request.headers['x-amz-target']))))
  }).listen(0, '127.0.0.1')
  try {
    await once(table, 'listening')
    const endpoint = `http://127.0.0.1:${(table.address() as AddressInfo).port}`
    const times = new Map<string, number[]>()
    const bundles: [name: string, path: string][] = []
    for (const [name, contents] of Object.entries(FUNCTIONS)) {
      const code = await bundle(contents)
      const path = join(directory, `${bundles.length}.mjs`)
      await writeFile(path, code)
      bundles.push([name, path])
      times.set(name, [])
      if (name === GATE_ALONE) console.log(`\nBundle of the gate: ${(code.length / KILOBYTE).toFixed(1)} KB`)
    }
    const driver = join(directory, 'first-answer.mjs')
    await writeFile(driver, firstAnswer())
    // The first round brings the files into the machine's memory and is not counted.
    for (let round = 0; round <= ROUNDS; round++)
      for (const [name, path] of bundles) {
        const started = performance.now()
        await run(driver, path, endpoint)
        if (round > 0) times.get(name)?.push(performance.now() - started)
      }
    const floor = median(times.get(EMPTY) ?? [])
    const rows = [...times].map(([name, each]): [string, object] => [
      name,
      { 'ms to the first answer': hundredths(median(each)), [`× ${EMPTY}`]: hundredths(median(each) / floor) },
    ])
    console.table(Object.fromEntries(rows))
  } finally {
    table.close()
    table.closeAllConnections()
    await rm(directory, { recursive: true, force: true })
  }
}

/** What DynamoDB answers to the two questions of the gate. */
function answerOf(target: string): object {
  if (target.endsWith('.Query')) return { Items: [] }
  const { keys, policy, server } = itemsOf()
  const documents = { KEYS: keys, POLICY: policy, [`SERVER#${GATE.serverName}`]: server }
  return {
    Responses: { [TABLE]: Object.entries(documents).map(([pk, doc]) => ({ pk: { S: pk }, doc: { S: doc } })) },
    UnprocessedKeys: {},
  }
}

function firstAnswer(): string {
  const now = Math.floor(Date.now() / 1000)
  const event = eventWith(signToken({ ...CLAIMS, iat: now, exp: now + 600 }))
  return `
    const { handler } = await import(process.argv[2])
    const { policyDocument } = await handler(${JSON.stringify(event)})
    process.exit(policyDocument.Statement[0].Effect === 'Allow' ? 0 : 1)`
}

async function run(driver: string, path: string, endpoint: string): Promise<void> {
  const env = {
    NODE_OPTIONS: '--enable-source-maps',
    ISSUER: GATE.issuer,
    AUDIENCE: GATE.audience,
    METADATA_URL: GATE.metadataUrl,
    SERVER_NAME: GATE.serverName,
    TABLE_NAME: TABLE,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'a-secret',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  }
  const child = spawn(process.execPath, [driver, pathToFileURL(path).href], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${path} gave no first answer`)
}
