import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configPath, loadConfig } from './config.ts'
import { type DemoFactory, tell } from './demo/story.ts'
import { DemoError, Transcript } from './demo/transcript.ts'
import { type RunningFactory, startFactory } from './factory.ts'
import { UnsupportedError } from './stack.ts'
import { StartError } from './start-error.ts'

/** `npm run demo`: a factory of its own on free ports, one whole path through it, and what it refuses. */
async function demo(transcript: Transcript): Promise<void> {
  const started = Date.now()
  const directory = await mkdtemp(join(tmpdir(), 'factory-demo-'))
  try {
    transcript.step('The factory is synthesized by CDK and runs on this machine.')
    const factory = await startFactory({ directory, port: 0, domain: true, fresh: true, offline: true })
    try {
      const described = await describe(factory)
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

/** @throws DemoError where factory.config.ts lacks what the demo shows */
async function describe({ issuer, servers, signIn }: RunningFactory): Promise<DemoFactory> {
  const config = await loadConfig(configPath(process.env))
  const server = (name: string) => {
    const url = servers.find((each) => each.name === name)?.url
    if (url === undefined) throw new DemoError(`the demo shows the server ${name}, which factory.config.ts has not`)
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
    signInIssuer: signIn?.issuer ?? '',
    people: { alice: person('alice'), carl: person('carl'), mallory: person('mallory') },
    accessTokenLifetime: config.lifetimes.accessToken,
  }
}

try {
  await demo(new Transcript((line) => process.stdout.write(`${line}\n`)))
} catch (error) {
  const foreseen = [DemoError, StartError, UnsupportedError].some((type) => error instanceof type)
  process.stderr.write(`\nThe demo failed. ${foreseen ? (error as Error).message : (error as Error).stack}\n`)
  process.exitCode = 1
}
