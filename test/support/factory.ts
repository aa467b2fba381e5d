import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type FactoryOptions, type RunningFactory, startFactory } from '../../local/factory.ts'
import type { FactoryConfigInput } from '../../model/factory-config.ts'

/** The tests' own config: factory.config.ts is its user's to change. */
export const SAMPLE_CONFIG = join(import.meta.dirname, '../../local/demo/sample.config.ts')

/** A factory of the tests' own: the sample config, free ports, a state directory that goes with it. */
export interface TestFactory {
  readonly running: RunningFactory
  readonly issuer: string
  /** The URLs of the servers that the sample config has. */
  readonly servers: { readonly productivity: string; readonly devops: string }
  /** Of any server. @throws Error where the config has none of that name */
  url(server: string): string
  readonly signInIssuer: string
  readonly logsDirectory: string
  /** With it the command line finds this factory. */
  readonly environment: { readonly FACTORY_DIRECTORY: string }
  /** Ends it and keeps its logs; may be called again. */
  stop(): Promise<void>
  /** Ends it and removes what it kept. */
  remove(): Promise<void>
}

export interface TestFactoryOptions
  extends Partial<Pick<FactoryOptions, 'transformTemplate' | 'offline' | 'port' | 'origin'>> {
  readonly domain?: boolean
  /** Replaces single values of the sample config. */
  readonly config?: ConfigChange
}

/** Lifetimes are in seconds. */
export interface ConfigChange {
  readonly lifetimes?: Readonly<Record<string, number>>
  /** A whole connection where it names its provider. */
  readonly connection?: Readonly<Record<string, unknown>>
  /** Added to those of the sample config. */
  readonly servers?: FactoryConfigInput['servers']
}

/** Starts a factory with nothing kept, that never leaves this machine. */
export async function startTestFactory({ config: change, ...options }: TestFactoryOptions = {}): Promise<TestFactory> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-test-'))
  const config = change ? await writeConfig(directory, change) : SAMPLE_CONFIG
  const running = await startFactory({
    directory,
    port: 0,
    domain: true,
    fresh: false,
    offline: true,
    ...options,
    environment: { FACTORY_CONFIG: config },
  }).catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true })
    throw error
  })
  const url = (server: string) => {
    const found = running.servers.find(({ name }) => name === server)
    if (found === undefined) throw new Error(`the config has no server ${server}`)
    return found.url
  }
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= running.stop()
    return stopped
  }
  return {
    running,
    issuer: running.issuer,
    servers: { productivity: url('productivity'), devops: url('devops') },
    url,
    signInIssuer: running.signIn?.issuer ?? '',
    logsDirectory: running.logs,
    environment: { FACTORY_DIRECTORY: directory },
    stop,
    remove: async () => {
      await stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The sample config, with the change. */
async function writeConfig(
  directory: string,
  { lifetimes = {}, connection = {}, servers = {} }: ConfigChange,
): Promise<string> {
  const path = join(directory, 'test.config.ts')
  const sample = pathToFileURL(SAMPLE_CONFIG).href
  const schema = pathToFileURL(join(import.meta.dirname, '../../model/factory-config.ts')).href
  await writeFile(
    path,
    `import { defineFactory } from ${JSON.stringify(schema)}
import config from ${JSON.stringify(sample)}
export default defineFactory({
  ...config,
  lifetimes: { ...config.lifetimes, ...${JSON.stringify(lifetimes)} },
  connection: { ${'provider' in connection ? '' : '...config.connection,'} ...${JSON.stringify(connection)} },
  servers: { ...config.servers, ...${JSON.stringify(servers)} },
})
`,
  )
  return path
}
