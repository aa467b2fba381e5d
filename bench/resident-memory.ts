import { readdirSync, readFileSync } from 'node:fs'

const MEBIBYTE = 1024 * 1024
/** Linux counts memory in pages of this size on the machines that Lambda has too. */
const PAGE = 4096

/**
 * Resident memory of this process, which is the runner, of its functions and of what they have started, in MiB (Linux
 * only: NaN elsewhere). What processes share, as Node's own code, is counted for each of them.
 */
export function residentMebibytes(): number {
  if (process.platform !== 'linux') return Number.NaN
  const children = Map.groupBy(
    readdirSync('/proc').filter((name) => /^\d+$/.test(name)),
    // `pid (name) state parent …`: the name may hold spaces, so what follows its closing bracket is read.
    (pid) => read(pid, 'stat').split(') ').at(-1)?.split(' ')[1],
  )
  const residentPages = (pid: string): number =>
    (children.get(pid) ?? []).reduce(
      (sum, child) => sum + residentPages(child),
      Number(read(pid, 'statm').split(' ')[1] ?? 0),
    )
  return Math.round((residentPages(String(process.pid)) * PAGE) / MEBIBYTE)
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // It has ended meanwhile.
  }
}
