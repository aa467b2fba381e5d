import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { receiveTokens } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage } from '../support/oauth.ts'

const PROJECT_ROOT = join(import.meta.dirname, '../..')
const SKILLSET = 'lambdas/skillsets/productivity'
const PATIENCE = { timeout: 50_000, interval: 100 }

/** `npm start` in a copy of the project, whose files a test may edit. */
function startCopy() {
  const project = mkdtempSync(join(tmpdir(), 'factory-edited-'))
  for (const part of ['bin', 'lambdas', 'lib', 'local', 'model', 'cdk.json', 'package.json'])
    cpSync(join(PROJECT_ROOT, part), join(project, part), { recursive: true })
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(project, 'node_modules'))
  const npm = spawn('npm', ['start', '--', '--offline'], {
    cwd: project,
    env: {
      ...process.env,
      FACTORY_PORT: '0',
      FACTORY_DIRECTORY: 'state',
      FACTORY_CONFIG: 'local/demo/sample.config.ts',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  npm.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = () => expect.poll(() => existsSync(join(project, 'state/lock')), PATIENCE).toBe(false)
  onTestFinished(async () => {
    npm.kill('SIGTERM')
    await ended()
    rmSync(project, { recursive: true })
  }, 60_000)
  return {
    npm,
    ended,
    said: () => said,
    says: (message: string | RegExp) => expect.poll(() => said, PATIENCE).toMatch(message),
    write: (path: string, content: string) => writeFileSync(join(project, SKILLSET, path), content),
    edit: (path: string, from: string | RegExp, to: string) => {
      const file = join(project, SKILLSET, path)
      const content = readFileSync(file, 'utf8')
      expect(content).toMatch(from)
      writeFileSync(file, content.replace(from, to))
    },
  }
}

it('npm start: an edited ability answers; a new one is listed, and said to be not yet deployed; npm ends it', {
  timeout: 180_000,
}, async () => {
  const { npm, ended, said, says, write, edit } = startCopy()
  await says(/^Edit a file below lambdas/m)
  const issuer = /^Authorization server: (\S+)$/m.exec(said())?.[1] ?? ''
  const resource = `${issuer}/productivity/mcp`
  const { accessToken } = await receiveTokens(issuer, resource)
  const tools = async () => (await postMessage(resource, accessToken, LIST_TOOLS)).text
  expect(await tools()).toContain('list_events')

  edit('abilities/list-events.ts', /description:\n? +'/, '$&Edited. ')
  await expect.poll(tools, PATIENCE).toContain('Edited. ')

  edit('abilities/list-events.ts', 'export const listEvents', 'export const const listEvents')
  await says(/abilities\/list-events\.ts:\d+:\d+:/)
  expect(await tools()).toContain('Edited. ')
  edit('abilities/list-events.ts', 'export const const', 'export const')

  write(
    'abilities/say-hello.ts',
    `import * as z from 'zod'
import { defineAbility } from '../../../runtime/define-ability.ts'
export const sayHello = defineAbility({
  name: 'say_hello', title: 'Say hello', description: 'Says hello.', scope: 'calendar:read',
  input: z.strictObject({}), output: z.object({ hello: z.string() }),
  run: async () => ({ hello: 'world' }),
})
`,
  )
  edit('skillset.ts', /^/, "import { sayHello } from './abilities/say-hello.ts'\n")
  edit('skillset.ts', 'abilities: [', 'abilities: [sayHello, ')
  await says('+ productivity: ability say_hello "Say hello", scope calendar:read (everyday)')
  expect(await tools()).toContain('say_hello')

  write('services-that-throw.ts', "if (process.env.AWS_LAMBDA_FUNCTION_NAME) throw new Error('not yet')\n")
  edit('abilities/say-hello.ts', "({ hello: 'world' })", "{ throw new TypeError('no world') }")
  const call = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'say_hello', arguments: {} } }
  const hello = async () => (await postMessage(resource, accessToken, call)).text
  await expect.poll(hello, PATIENCE).toContain('internal_error')
  await says(
    /Call say_hello at productivity failed for alice@example\.com: TypeError: no world \(lambdas\/skillsets\/productivity\/abilities\/say-hello\.ts:6\)/,
  )
  expect(await hello()).not.toContain('no world')

  edit('skillset.ts', /^/, "import './services-that-throw.ts'\n")
  const calledAndSaid = async () => {
    await tools()
    return said()
  }
  await expect
    .poll(calledAndSaid, PATIENCE)
    .toMatch(/Function failed: Error: not yet \(lambdas\/skillsets\/productivity\/services-that-throw\.ts:1\)/)

  npm.kill('SIGTERM')
  await once(npm, 'exit')
  await says('Stopping ...')
  await ended()
  await expect(fetch(`${issuer}/health`)).rejects.toThrow()
})
