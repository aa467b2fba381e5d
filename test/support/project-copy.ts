import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'

const PROJECT_ROOT = join(import.meta.dirname, '../..')
const NOT_COPIED = ['node_modules', '.git', 'cdk.out', '.factory', 'coverage']

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A copy of the project with the sample config as its factory.config.ts, to change and to run. */
export interface ProjectCopy {
  readonly path: string
  read(file: string): Promise<string>
  write(file: string, source: string): Promise<void>
  /** Runs a file of the copy, or of its node_modules. */
  node(file: string, parameters?: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>
  remove(): Promise<void>
}

export async function copyProject(): Promise<ProjectCopy> {
  const path = await mkdtemp(join(tmpdir(), 'project-'))
  const copied = (source: string) => !NOT_COPIED.includes(basename(source))
  await cp(PROJECT_ROOT, path, { recursive: true, filter: copied })
  await symlink(join(PROJECT_ROOT, 'node_modules'), join(path, 'node_modules'))
  const read = (file: string) => readFile(join(path, file), 'utf8')
  const write = (file: string, source: string) => writeFile(join(path, file), source)
  await write('factory.config.ts', (await read('local/demo/sample.config.ts')).replaceAll("'../../", "'./"))
  return {
    path,
    read,
    write,
    async node(file, parameters = [], environment = {}) {
      const child = spawn(process.execPath, [join(path, file), ...parameters], {
        cwd: path,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
      })
      child.stdin.end()
      const [stdout, stderr, code] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        new Promise<number | null>((resolve) => child.on('close', resolve)),
      ])
      return { code, stdout, stderr }
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
