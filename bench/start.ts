import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFactory } from '../local/factory.ts'

const MEBIBYTE = 1024 * 1024
/** Linux counts memory in pages of this size on the machines that Lambda has too. */
const PAGE = 4096

/** Time from nothing to the first answer, the same again with the state kept, and the memory that all of it takes. */
export async function benchStart(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-bench-'))
  try {
    const first = await startOnce(directory, true, 0)
    // The same port: another origin would be another deployment.
    const second = await startOnce(directory, false, first.port)
    console.table({ 'first start': first.figures, 'second start': second.figures })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function startOnce(directory: string, fresh: boolean, port: number) {
  const started = performance.now()
  const factory = await startFactory({ directory, port, domain: true, fresh, offline: true })
  try {
    await Promise.all([`${factory.issuer}/health`, ...factory.servers.map(({ url }) => url)].map((url) => fetch(url)))
    const seconds = (performance.now() - started) / 1000
    const figures = {
      'seconds to the first answers': Math.round(seconds * 10) / 10,
      'resident MiB in all': Math.round((await residentBytes()) / MEBIBYTE),
    }
    return { port: factory.port, figures }
  } finally {
    await factory.stop()
  }
}

/** Of this process, which is the runner, and of its functions (Linux only: NaN elsewhere). */
async function residentBytes(): Promise<number> {
  if (process.platform !== 'linux') return Number.NaN
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return processes.filter(isOurs).reduce((sum, pid) => sum + PAGE * Number(read(pid, 'statm').split(' ')[1] ?? 0), 0)
}

function isOurs(pid: string): boolean {
  if (pid === String(process.pid)) return true
  // `pid (name) state parent …`: the name may hold spaces, so what follows its closing bracket is read.
  const parent = read(pid, 'stat').split(') ').at(-1)?.split(' ')[1]
  return parent === String(process.pid)
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // It has ended meanwhile.
  }
}
