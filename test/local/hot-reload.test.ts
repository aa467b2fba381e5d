import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { bundleOf, bundling } from '../../lib/bundling.ts'
import type { FunctionSettings } from '../../local/execution-environment.ts'
import { startHotReload } from '../../local/hot-reload.ts'
import { Lambda } from '../../local/lambda.ts'
import { prepareRuntime } from '../../local/runtime.ts'
import { makeCredentials } from '../../local/signature.ts'
import { temporaryDirectory } from './hand-made.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }
const GREETING = 'lambdas/greeter/greeting.ts'

/** A project of two functions, which share a file, on the real Lambda service and reloaded as by `npm start`. */
function project() {
  const root = temporaryDirectory()
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const handler = 'export const handler = async (event: { slow?: boolean }) =>'
  write(GREETING, "export const greeting = 'edition 0'")
  write('model/shared.ts', "export const shared: string = 'shared 0'")
  write(
    'lambdas/greeter/handler.ts',
    `import { greeting } from './greeting.ts'
import { shared } from '../../model/shared.ts'
${handler} {
  if (event.slow) await new Promise((go) => setTimeout(go, 300))
  return { greeting, shared, pid: process.pid }
}`,
  )
  write(
    'lambdas/other/handler.ts',
    `import { shared } from '../../model/shared.ts'
${handler} ({ shared, pid: process.pid })`,
  )
  write('lib/stack.ts', '')
  write('factory.config.ts', '')

  const entries = ['lambdas/greeter/handler.ts', 'lambdas/other/handler.ts']
  const made = buildSync(bundling(entries, root)).outputFiles
  const functions = entries.map((entry, index): FunctionSettings => {
    const code = join(root, `bundle-${index}`)
    mkdirSync(code)
    for (const [name, content] of bundleOf(entry, made, root)) writeFileSync(join(code, name), content)
    return {
      name: entry.split('/')[1] ?? '',
      arn: entry,
      code,
      handler: 'index.handler',
      memory: 128,
      timeout: 10_000,
      environment: { NODE_OPTIONS: '--enable-source-maps' },
      credentials: makeCredentials(),
      logGroup: entry,
      log: 'greeter.log',
    }
  })
  const lambda = new Lambda(functions, {
    logs: root,
    runtime: prepareRuntime(root),
    endpoints: {},
    mayLeave: () => false,
  })
  const said: string[] = []
  let declared = ['one']
  let timesRead = 0
  const reload = startHotReload({
    root,
    config: join(root, 'factory.config.ts'),
    bundles: functions.map(({ code }) => code),
    renew: (bundle) => lambda.renew(bundle),
    declarations: async () => {
      timesRead++
      return declared
    },
    say: (message) => said.push(message),
  })
  onTestFinished(async () => {
    await reload.stop()
    await lambda.stop()
  })
  const invoke = async (name: 'greeter' | 'other', event = {}) => {
    const invocation = await lambda.invoke(`lambdas/${name}/handler.ts`, event)
    if (invocation.kind !== 'returned') throw new Error(JSON.stringify(invocation))
    return invocation.payload as { greeting: string; shared: string; pid: number }
  }
  return {
    root,
    write,
    invoke,
    said: () => said.join('\n'),
    timesRead: () => timesRead,
    declare: (lines: string[]) => {
      declared = lines
    },
    greets: (greeting: string) => expect.poll(async () => (await invoke('greeter')).greeting, PATIENCE).toBe(greeting),
    says: (message: string) => expect.poll(() => said.join('\n'), PATIENCE).toContain(message),
  }
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('PLATFORM 26: an edit answers at once, and no other function is restarted', async () => {
  const { write, invoke, greets, says } = project()
  const other = await invoke('other')
  const before = await invoke('greeter')
  write(GREETING, "export const greeting = 'edition 1'")
  await greets('edition 1')
  await says('Reloaded lambdas/greeter/handler.ts')
  expect((await invoke('greeter')).pid).not.toBe(before.pid)
  expect(await invoke('other')).toEqual(other)
})

test('20 edits, however an editor saves, leave one process each', { timeout: 60_000 }, async () => {
  const { root, write, invoke, greets } = project()
  const pids = new Set<number>()
  for (let edition = 1; edition <= 20; edition++) {
    pids.add((await invoke('greeter')).pid)
    const content = `export const greeting = 'edition ${edition}'`
    if (edition % 2) write(GREETING, content)
    else {
      write('greeting.tmp', content)
      renameSync(join(root, 'greeting.tmp'), join(root, GREETING))
    }
    await greets(`edition ${edition}`)
  }
  pids.add((await invoke('greeter')).pid)
  expect(pids.size).toBe(21)
  await expect.poll(() => [...pids].filter(isAlive).length, PATIENCE).toBe(1)
})

test('what runs is finished by the old code', async () => {
  const { write, invoke, greets } = project()
  const first = await invoke('greeter')
  const slow = invoke('greeter', { slow: true })
  write(GREETING, "export const greeting = 'edition 1'")
  expect(await slow).toEqual(first)
  await greets('edition 1')
})

test('a file that several functions share restarts them all', async () => {
  const { write, invoke } = project()
  write('model/shared.ts', "export const shared: string = 'shared 1'")
  await expect.poll(async () => (await invoke('other')).shared, PATIENCE).toBe('shared 1')
  await expect.poll(async () => (await invoke('greeter')).shared, PATIENCE).toBe('shared 1')
})

test('a process of a skillset is bundled anew, and its function restarted', async () => {
  const { root, write, invoke } = project()
  const bundled = join(root, 'bundle-0', 'processes', 'count.mjs')
  const PROCESS = 'lambdas/greeter/processes/count.ts'
  write(PROCESS, "console.log('count 0')")
  await expect.poll(() => existsSync(bundled), PATIENCE).toBe(true)
  const before = await invoke('greeter')
  const other = await invoke('other')
  write(PROCESS, "console.log('count 1')")
  await expect.poll(() => readFileSync(bundled, 'utf8'), PATIENCE).toContain('count 1')
  await expect.poll(async () => (await invoke('greeter')).pid, PATIENCE).not.toBe(before.pid)
  expect(await invoke('other')).toEqual(other)
})

test('a syntax error is shown with file and line; the old code serves until the next good edit', async () => {
  const { write, invoke, greets, says } = project()
  const before = await invoke('greeter')
  write(GREETING, "export const greeting =\n  'edition 1")
  await says('lambdas/greeter/greeting.ts:2:12')
  await says('The code from before this edit goes on serving.')
  expect(await invoke('greeter')).toEqual(before)

  write(GREETING, "export const greeting = 'edition 2'")
  await greets('edition 2')
})

test('the error may be mended in a file that was in no bundle', async () => {
  const { write, says, greets } = project()
  write(GREETING, "import { word } from './word.ts'\nexport const greeting = word")
  await says('Could not resolve "./word.ts"')
  write('lambdas/greeter/word.ts', "export const word = 'edition 1'")
  await greets('edition 1')
})

test('what needs a synthesis is said, again when it has changed again, and else once', async () => {
  const { write, says, said, declare, timesRead } = project()
  write('lib/stack.ts', '// changed')
  await says('Not deployed yet. Restart npm start to apply:\n  lib/stack.ts has changed')
  write('factory.config.ts', '// changed')
  await says('  factory.config.ts has changed')
  const before = said().length
  write('factory.config.ts', '// changed again')
  await expect.poll(() => said().slice(before), PATIENCE).toContain('  factory.config.ts has changed')

  declare(['one', 'two'])
  write(GREETING, "export const greeting = 'edition 1'")
  await says('  + two')
  declare([])
  write(GREETING, "export const greeting = 'edition 2'")
  await says('  - one')
  const times = said().split('Not deployed yet').length
  const read = timesRead()
  write(GREETING, "export const greeting = 'edition 3'")
  await expect.poll(() => said().split('Reloaded').length, PATIENCE).toBe(4)
  await expect.poll(timesRead, PATIENCE).toBeGreaterThan(read)
  expect(said().split('Not deployed yet').length).toBe(times)
})

test("an error's stack names the source as it lies in the project", async () => {
  const { root, write, invoke } = project()
  write(GREETING, "export const greeting = (() => {\n  throw new RangeError('planted')\n})()")
  await expect.poll(() => invoke('greeter').catch((error: Error) => error.message), PATIENCE).toContain('planted')
  expect(readFileSync(join(root, 'greeter.log'), 'utf8')).toContain(
    join(root, 'bundle-0', 'lambdas/greeter/greeting.ts:2:9'),
  )
})
