import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from './person.ts'

/** What a command ended with and printed. */
export interface Ended {
  readonly command: string
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A person's account on a machine, as programs see it that are started there: a home, commands, a browser. */
export interface Desktop {
  readonly home: string
  readonly environment: Readonly<Record<string, string>>
  /** Runs a shell command at home. */
  run(command: string): Promise<Ended>
  remove(): Promise<void>
}

const LOOPBACK_ONLY = join(import.meta.dirname, '../../local/loopback-only.ts')
/** Milliseconds between looks at what was opened. */
const POLL = 50
/** Milliseconds. */
const COMMAND_TIMEOUT = 40_000

/** A desktop that nobody has used: `npx` finds the packages here, what a program opens is opened by the person. */
export async function newDesktop(person: Person): Promise<Desktop> {
  const root = await mkdtemp(join(tmpdir(), 'factory-desktop-'))
  const [home, commands, opened] = [join(root, 'home'), join(root, 'bin'), join(root, 'opened')]
  await Promise.all([mkdir(home), mkdir(commands), writeFile(opened, '')])
  await symlink(join(import.meta.dirname, 'node_modules'), join(home, 'node_modules'))
  for (const opener of ['xdg-open', 'open'])
    await writeFile(join(commands, opener), `#!/bin/sh\nprintf '%s\\n' "$1" >>'${opened}'\n`, { mode: 0o755 })
  const environment = {
    HOME: home,
    PATH: [commands, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    BROWSER: join(commands, 'xdg-open'),
    // Inspector: without a terminal it opens nothing, without a keychain it may keep nothing, unless it is told to.
    MCP_AUTO_OPEN_ENABLED: 'true',
    MCP_INSPECTOR_SECRET_STORE: 'file',
    NODE_OPTIONS: `--import=${LOOPBACK_ONLY}`,
  }
  const looking = new AbortController()
  const looked = openForPerson(opened, person, looking.signal)
  return {
    home,
    environment,
    async run(command) {
      // A group of its own, so that its end is that of all that it started.
      const child = spawn('/bin/sh', ['-c', command], { cwd: home, env: environment, detached: true })
      child.stdin.end()
      const overdue = setTimeout(() => child.pid && process.kill(-child.pid), COMMAND_TIMEOUT)
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
      clearTimeout(overdue)
      return { command, code, stdout, stderr }
    },
    async remove() {
      looking.abort()
      await looked
      await rm(root, { recursive: true, force: true })
    },
  }
}

/**
 * What a command printed.
 * @throws Error where it did not end with 0
 */
export function succeeded({ command, code, stdout, stderr }: Ended): string {
  if (code === 0) return stdout
  throw new Error(`${command} ended with ${code}\n${stdout}\n${stderr}`)
}

/** Opens each URL of the file as it appears. */
async function openForPerson(opened: string, person: Person, signal: AbortSignal): Promise<void> {
  for (let seen = 0; !signal.aborted; await sleep(POLL)) {
    const urls = (await readFile(opened, 'utf8')).split('\n').slice(0, -1)
    // The client that waits for it fails; this says why.
    for (const url of urls.slice(seen))
      await person.signIn(new URL(url)).catch((error: unknown) => console.error(error))
    seen = urls.length
  }
}
