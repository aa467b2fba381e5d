import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const run = (path: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '..', '..', path), ...args], { encoding: 'utf8' })

describe.each([
  ['bench/run.ts', 'npm run bench'],
  ['local/demo.ts', 'npm run demo'],
])('%s', (path, command) => {
  it('--help says what it does and does not do it', () => {
    const { stdout, stderr, status } = run(path, '--help')
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toContain(command)
  })

  it('anything unknown is wrong usage', () => {
    const { stdout, stderr, status } = run(path, '--unknown')
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
    expect(stderr).toContain('--unknown')
    expect(stderr).not.toMatch(/^ +at /m)
  })
})
