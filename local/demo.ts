import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FactoryConfig } from '../model/factory-config.ts'
import { configPath, loadConfig } from './config.ts'
import { asksTheSample, canBeShown } from './demo/can-be-shown.ts'
import sampleConfig from './demo/sample.config.ts'
import { type DemoFactory, tell } from './demo/story.ts'
import { DemoError, Transcript } from './demo/transcript.ts'
import { type RunningFactory, startFactory } from './factory.ts'
import { UnsupportedError } from './stack.ts'
import { StartError } from './start-error.ts'

const USAGE = `npm run demo

Starts a factory of its own on free ports, takes people and MCP clients through it, shows what is refused, and leaves
nothing behind. Takes no options but --help; FACTORY_CONFIG is another factory.config.ts.
`

const SAMPLE_CONFIG = join(import.meta.dirname, 'demo', 'sample.config.ts')

/** `npm run demo`: a factory of its own on free ports, one whole path through it, and what it refuses. */
async function demo(transcript: Transcript): Promise<void> {
  const started = Date.now()
  const directory = await mkdtemp(join(tmpdir(), 'factory-demo-'))
  try {
    transcript.step('The factory is synthesized by CDK and runs on this machine.')
    const own = await loadConfig(configPath(process.env))
    const isOwn = canBeShown(own)
    if (!isOwn)
      transcript.say('It is the sample factory: yours has not both servers that this shows, open to its sample people.')
    const environment = { FACTORY_CONFIG: isOwn ? configPath(process.env) : SAMPLE_CONFIG }
    const factory = await startFactory({ directory, port: 0, domain: true, fresh: true, offline: true, environment })
    try {
      const described = describe(factory, isOwn ? own : sampleConfig)
      transcript.say(`authorization server: ${described.issuer}`)
      transcript.say(`MCP servers:          ${described.productivity.href}, ${described.devops.href}`)
      await tell(described, transcript)
    } finally {
      await factory.stop()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  transcript.done(Date.now() - started)
}

function describe({ issuer, servers, signIn, sampleData }: RunningFactory, config: FactoryConfig): DemoFactory {
  const server = (name: string) => {
    const url = servers.find((each) => each.name === name)?.url
    if (url === undefined) throw new DemoError(`there is no server ${name}`)
    return new URL(url)
  }
  const person = (name: string) => {
    const email = signIn?.people.find((each) => each.email.startsWith(`${name}@`))?.email
    if (email === undefined) throw new DemoError(`there is no sample person ${name}`)
    return email
  }
  return {
    issuer,
    productivity: server('productivity'),
    devops: server('devops'),
    ...(asksTheSample(config) && { data: { url: server('data'), tom: person('tom'), made: sampleData } }),
    signInIssuer: signIn?.issuer ?? '',
    people: { alice: person('alice'), carl: person('carl'), mallory: person('mallory') },
    accessTokenLifetime: config.lifetimes.accessToken,
  }
}

/** Whether somebody still reads; where nobody does (`| head`), the rest need not happen. */
let isRead = true
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  isRead = false
})

function print(line: string): void {
  if (!isRead) throw new DemoError('nobody reads')
  process.stdout.write(`${line}\n`)
}

const given = process.argv.slice(2)
if (given.length > 0) {
  const isHelp = given.every((argument) => argument === '--help' || argument === '-h')
  ;(isHelp ? process.stdout : process.stderr).write(isHelp ? USAGE : `demo: found ${given.join(' ')}\n\n${USAGE}`)
  process.exitCode = isHelp ? 0 : 2
} else
  try {
    await demo(new Transcript(print))
  } catch (error) {
    // A client may have wrapped what the print threw, so that what counts is why.
    if (isRead) {
      const foreseen = [DemoError, StartError, UnsupportedError].some((type) => error instanceof type)
      process.stderr.write(`\nThe demo failed. ${foreseen ? (error as Error).message : (error as Error).stack}\n`)
      process.exitCode = 1
    }
  }
