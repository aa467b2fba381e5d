import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeJsonFile } from '../../local/json-file.ts'
import { StartError } from '../../local/start-error.ts'
import { openStateDirectory } from '../../local/state-directory.ts'
import { temporaryDirectory } from './hand-made.ts'

test('a second factory on the same directory is refused, until the first gives it up', () => {
  const path = temporaryDirectory()
  const first = openStateDirectory(path, false)
  expect(() => openStateDirectory(path, true)).toThrow(
    `A factory runs here already: process ${process.pid} holds ${path}.`,
  )
  first.release()
  openStateDirectory(path, false).release()
})

test("a killed factory's lock is taken over", async () => {
  const path = temporaryDirectory()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  writeFileSync(join(path, 'lock'), String(child.pid))
  expect(() => openStateDirectory(path, false)).toThrow(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  openStateDirectory(path, false).release()
})

test('fresh forgets what was kept, and touches nothing else', () => {
  const path = temporaryDirectory()
  const first = openStateDirectory(path, false)
  writeJsonFile(first.secrets, ['kept'])
  writeFileSync(join(path, 'notes.txt'), 'mine')
  first.release()
  const kept = openStateDirectory(path, false)
  expect(readFileSync(kept.secrets, 'utf8')).toContain('kept')
  kept.release()
  const fresh = openStateDirectory(path, true)
  expect(existsSync(fresh.secrets)).toBe(false)
  expect(existsSync(join(path, 'notes.txt'))).toBe(true)
  fresh.release()
})

test('a directory that cannot be written: what to do instead', () => {
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  expect(() => openStateDirectory(join(file, 'below'), false)).toThrow(StartError)
  expect(() => openStateDirectory(join(file, 'below'), false)).toThrow('choose another folder with FACTORY_DIRECTORY')
})
