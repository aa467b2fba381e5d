import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PROJECT_ROOT } from '../lib/project-root.ts'
import { type RunningFactory, startFactory } from '../local/factory.ts'
import { connectAs } from './connect-as.ts'
import { makeReport, runQuery } from './data/ask.ts'
import { residentMebibytes } from './resident-memory.ts'

const DATA = 'data'
/** One of each tenant. */
const PEOPLE = ['alice@example.com', 'tom@partner.test']

/**
 * Time from nothing to the first answers and to the sample data, the same again with the state kept, and the memory that
 * all of it takes; beside a first start of the same config without the data server.
 */
export async function benchStart(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-bench-'))
  try {
    const config = join(directory, 'without-data.config.ts')
    await writeFile(config, withoutData())
    const small = await startOnce(join(directory, 'small'), true, 0, { FACTORY_CONFIG: config })
    const first = await startOnce(join(directory, 'whole'), true, 0)
    // The same port: another origin would be another deployment.
    const second = await startOnce(join(directory, 'whole'), false, first.port)
    console.table({
      'first start without the data server': small.figures,
      'first start': first.figures,
      'second start': second.figures,
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** A config that is the project's own, less one server. */
function withoutData(): string {
  const own = JSON.stringify(pathToFileURL(join(PROJECT_ROOT, 'factory.config.ts')).href)
  return `import config from ${own}
    const { ${DATA}: _, ...servers } = config.servers
    export default { ...config, servers }`
}

async function startOnce(
  directory: string,
  fresh: boolean,
  port: number,
  environment: Readonly<Record<string, string>> = {},
) {
  const started = performance.now()
  const secondsSince = () => Math.round((performance.now() - started) / 100) / 10
  const factory = await startFactory({ directory, port, domain: true, fresh, offline: true, environment })
  try {
    await Promise.all([`${factory.issuer}/health`, ...factory.servers.map(({ url }) => url)].map((url) => fetch(url)))
    const toFirstAnswers = secondsSince()
    await factory.sampleData
    const toSampleData = secondsSince()
    const figures = {
      'seconds to the first answers': toFirstAnswers,
      'to the sample data': toSampleData,
      'resident MiB in all': residentMebibytes(),
      ...(await useData(factory)),
    }
    return { port: factory.port, figures }
  } finally {
    await factory.stop()
  }
}

/** Memory after a query of each tenant and a report. */
async function useData({ servers }: RunningFactory): Promise<Readonly<Record<string, number>>> {
  const server = servers.find(({ name }) => name === DATA)
  if (!server) return {}
  for (const email of PEOPLE) {
    const { client } = await connectAs(email, server.url)
    const [[orders] = []] = await runQuery(client, 'SELECT count(*) FROM orders')
    if (!(Number(orders) > 0)) throw new Error(`${email} found ${orders} orders`)
    if (email === PEOPLE[0]) await makeReport(client)
    await client.close()
  }
  return { 'after queries and a report': residentMebibytes() }
}
