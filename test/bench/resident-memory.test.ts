import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { residentMebibytes } from '../../bench/resident-memory.ts'

/** A process that starts one that takes this much. */
const MEBIBYTES = 200
const GRANDCHILD = `const taken = Buffer.alloc(${MEBIBYTES} * 1024 * 1024, 1); process.stdout.write('taken'); setInterval(() => taken, 1000)`
const CHILD = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' })
  process.once('SIGTERM', () => child.kill('SIGKILL'))
  child.once('exit', () => process.exit())`

it.runIf(process.platform === 'linux')('counts what processes of processes take', async () => {
  const before = residentMebibytes()
  const child = spawn(process.execPath, ['-e', CHILD, GRANDCHILD], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    expect(residentMebibytes() - before).toBeGreaterThan(MEBIBYTES)
  } finally {
    child.kill()
    await once(child, 'exit')
  }
})
