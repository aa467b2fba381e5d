import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

const DEMO = join(import.meta.dirname, '..', '..', 'local', 'demo.ts')

it('a demo that nobody reads any more (| head -1) ends quietly and leaves nothing behind', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'demo-unread-'))
  try {
    const demo = spawn(process.execPath, [DEMO], { env: { PATH: process.env.PATH, TMPDIR: directory } })
    const errors = text(demo.stderr)
    await once(demo.stdout, 'data')
    expect(await readdir(directory)).toHaveLength(1)
    demo.stdout.destroy()
    const [code] = await once(demo, 'close')
    expect({ code, errors: await errors }).toEqual({ code: 0, errors: '' })
    expect(await readdir(directory)).toEqual([])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
