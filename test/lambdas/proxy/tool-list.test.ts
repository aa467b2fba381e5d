import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { filterEvents, filterJson } from '../../../lambdas/proxy/tool-list.ts'

const MEBIBYTE = Buffer.alloc(1_048_576, ' ')
const isVisible = () => true

it('a list of tools that does not end is given up before it fills the memory', async () => {
  let sent = 0
  function* endless() {
    for (; sent < 64; sent += 1) yield MEBIBYTE
  }
  await expect(filterJson(Readable.from(endless()), isVisible)).rejects.toThrow('too large')
  expect(sent).toBeLessThan(16)
})

it('so is an event of a stream', async () => {
  let sent = 0
  function* endless() {
    for (yield Buffer.from('data: '); sent < 64; sent += 1) yield MEBIBYTE
  }
  await expect(filterEvents(Readable.from(endless()), isVisible).next()).rejects.toThrow('too large')
  expect(sent).toBeLessThan(32)
})
