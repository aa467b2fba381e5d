import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { processEntry } from '../../../../../../lambdas/runtime/process-entry.ts'
import { startDatabaseProcess } from '../../../../../../lambdas/skillsets/data/engines/duckdb/database-process.ts'
import type { FromProcess, Question } from '../../../../../../lambdas/skillsets/data/engines/duckdb/messages.ts'
import { TENANT } from '../../escapes/scene.ts'
import { buildScene, NEVER, temporaryFolder } from './scene-engine.ts'

const TELLING = join(import.meta.dirname, 'forked/telling-process.ts')

function start(entry: string) {
  const directory = temporaryFolder()
  const process = startDatabaseProcess({ entry, nodePath: '/opt/nodejs/node_modules', directory, memoryMegabytes: 128 })
  onTestFinished(async () => {
    await process.end()
    rmSync(directory, { recursive: true })
  })
  return { process, directory }
}

const explain = (sql: string) => ({ kind: 'explain', sql }) as const

describe('the process of a database', () => {
  test('has no environment but where its modules are: no credentials', async () => {
    process.env.AWS_SECRET_ACCESS_KEY_OF_A_TEST = 'secret'
    onTestFinished(() => void delete process.env.AWS_SECRET_ACCESS_KEY_OF_A_TEST)
    const started = start(TELLING)
    const { plan = '' } = await started.process.ask(explain('tell'), NEVER)
    const told = JSON.parse(plan)
    // What fork adds is how the two talk; the shell tells where they are.
    const added = /^(?:NODE_CHANNEL_.+|PWD|OLDPWD|SHLVL|_)$/
    expect(told.environment.filter((name: string) => !added.test(name))).toEqual(['NODE_PATH', 'TZ'])
    expect(told).toMatchObject({ directory: started.directory, arguments: [] })
  })

  test('its JavaScript writes no file, starts no process and no thread', async () => {
    const { process, directory } = start(TELLING)
    const { plan = '' } = await process.ask(explain('tell'), NEVER)
    const denied = 'ERR_ACCESS_DENIED'
    expect(JSON.parse(plan)).toMatchObject({ write: denied, spawn: denied, worker: denied })
    expect(readdirSync(directory)).toEqual([])
  })

  test('a statement that does not end when it is told to is ended with its process', async () => {
    const { process } = start(TELLING)
    const abort = new AbortController()
    const asked = process.ask(explain('hang'), abort.signal)
    abort.abort(new Error('the caller left'))
    await expect(asked).rejects.toThrow('the caller left')
    expect(process.alive).toBe(true)
    await process.settled()
    expect(process.alive).toBe(false)
  })

  test('when it ends by itself, all who wait are told what they can do', async () => {
    const { process } = start(TELLING)
    const waiting = [process.ask(explain('hang'), NEVER), process.ask(explain('end'), NEVER)]
    for (const asked of waiting)
      await expect(asked).rejects.toMatchObject({ code: 'out_of_memory', hint: expect.stringContaining('WHERE') })
    await expect(process.ask(explain('tell'), NEVER)).rejects.toMatchObject({ code: 'out_of_memory' })
  })

  test('when it is broken, that is told once it is gone: whoever asks next is to start another', async () => {
    const { process } = start(TELLING)
    await expect(process.ask(explain('break'), NEVER)).rejects.toMatchObject({ code: 'out_of_memory' })
    expect(process.alive).toBe(false)
  })

  test('answers nothing for a signal that has aborted', async () => {
    const { process } = start(TELLING)
    await expect(process.ask(explain('tell'), AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
  })

  test('when it ends at its beginning, that is told as it is', async () => {
    const { process } = start(TELLING)
    const asked = process.ask({ kind: 'open', path: 'a', memoryMegabytes: 1, threads: 1 }, NEVER)
    await expect(asked).rejects.toThrow('the database process ended at open')
  })
})

describe('processes/duckdb.ts', () => {
  const endless = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b'

  test('a statement is interrupted where it runs, and the process goes on', async () => {
    const { process, directory } = start(processEntry('data', 'duckdb'))
    const path = join(directory, 'data.duckdb')
    await buildScene(path, TENANT)
    await process.ask({ kind: 'open', path, memoryMegabytes: 128, threads: 1 }, NEVER)
    const abort = new AbortController()
    const asked = process.ask({ kind: 'query', sql: endless, rows: 1, bytes: 1_000 }, abort.signal)
    await process.ask(explain('SELECT 1'), NEVER)
    abort.abort(new Error('the caller left'))
    await expect(asked).rejects.toThrow('the caller left')
    await process.settled()
    expect((await process.ask({ kind: 'query', sql: 'SELECT 1', rows: 1, bytes: 1_000 }, NEVER)).rows).toEqual([[1]])
  })

  test('ends with the process that started it, whatever runs', async () => {
    const directory = temporaryFolder()
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const path = join(directory, 'data.duckdb')
    await buildScene(path, TENANT)
    const child = fork(processEntry('data', 'duckdb'), { serialization: 'advanced' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const answered = (id: number, question: Question) => {
      child.send({ id, question })
      return new Promise<void>((resolve) => child.on('message', (told: FromProcess) => told.id === id && resolve()))
    }
    await answered(1, { kind: 'open', path, memoryMegabytes: 128, threads: 1 })
    child.send({ id: 2, question: { kind: 'query', sql: endless, rows: 1, bytes: 1_000 } })
    await answered(3, explain('SELECT 1'))
    const exited = once(child, 'exit')
    child.disconnect()
    expect(await exited).toEqual([null, 'SIGKILL'])
  })
})
