import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listenEarly } from '../../local/origins.ts'
import { StartError } from '../../local/start-error.ts'
import { readStartOptions } from '../../local/start-options.ts'
import { temporaryDirectory } from './hand-made.ts'

const START = join(import.meta.dirname, '../../local/start.ts')

/** Runs `npm start` in a directory of its own. */
async function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [START], {
    cwd: temporaryDirectory(),
    env: { ...process.env, FACTORY_PORT: '0', ...environment },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = await once(child, 'close')
  return { code, said }
}

test.each([
  [['--frehs'], {}, "Unknown option '--frehs'"],
  [[], { FACTORY_PORT: 'many' }, 'FACTORY_PORT: found many'],
  [['--origin', 'http://example.com'], {}, '--origin: found http://example.com; allowed: https'],
  [['--origin', 'https://example.com/path'], {}, '--origin'],
  [['--origin', 'https://example.com', '--no-domain'], {}, 'leave out --no-domain'],
  [['--google'], { GOOGLE_CLIENT_ID: '', GOOGLE_CLIENT_SECRET: '' }, 'set GOOGLE_CLIENT_ID'],
  [['--google', '--offline'], { GOOGLE_CLIENT_ID: 'x', GOOGLE_CLIENT_SECRET: 'y' }, '--offline forbids'],
])('%j %j is refused with a message', (parameters, environment, message) => {
  expect(() => readStartOptions(parameters, environment)).toThrow(StartError)
  expect(() => readStartOptions(parameters, environment)).toThrow(message)
})

test('without options: one origin at port 4100, what is kept stays', () => {
  expect(readStartOptions([], {})).toEqual({
    directory: '.factory',
    port: 4100,
    domain: true,
    fresh: false,
    offline: false,
  })
  expect(readStartOptions(['--fresh', '--no-domain', '--offline'], { FACTORY_PORT: '5000' })).toMatchObject({
    port: 5000,
    domain: false,
    fresh: true,
    offline: true,
  })
  expect(readStartOptions([], { FACTORY_DIRECTORY: 'elsewhere' })).toMatchObject({ directory: 'elsewhere' })
})

test('a taken port: a message that says what to do, exit 1, no stack trace', async () => {
  const door = await listenEarly(0)
  onTestFinished(door.close)
  const { code, said } = await start({ FACTORY_PORT: String(door.port) })
  expect(said).toBe(
    `port ${door.port} is taken: stop what listens there, or choose another with FACTORY_PORT, such as FACTORY_PORT=4200 npm start\n`,
  )
  expect(code).toBe(1)
})

test('a wrong factory.config.ts: the path of the wrong value, what was found, what is allowed', async () => {
  const config = join(temporaryDirectory(), 'factory.config.ts')
  const model = join(import.meta.dirname, '../../model/factory-config.ts')
  writeFileSync(
    config,
    `import { defineFactory } from ${JSON.stringify(model)}\nexport default defineFactory({ stage: 'NO' })\n`,
  )
  const { code, said } = await start({ FACTORY_CONFIG: config })
  expect(said).toContain('factory.config.ts is wrong:\n')
  expect(said).toContain('stage: found "NO"; allowed: ')
  expect(said).not.toContain('    at ')
  expect(code).toBe(1)
})
