import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

/** Milliseconds after an edit: to read the declarations sooner would slow down the functions that start with it. */
const LATER = 1000

export interface UndeployedChangesOptions {
  /** What the skillsets declare, line by line; rejects with why that cannot be said, or when it shall stop. */
  declarations(stop: AbortSignal): Promise<readonly string[]>
  /** For the person who edits. */
  say(message: string): void
}

/** What was edited and takes a synthesis, for which `npm start` has to be restarted. */
export class UndeployedChanges {
  readonly #options: UndeployedChangesOptions
  readonly #stopping = new AbortController()
  readonly #deployed: Promise<readonly string[]>
  /** Those that only a synthesis reads. */
  readonly #files = new Set<string>()
  #telling = new AbortController()
  #told = ''

  constructor(options: UndeployedChangesOptions) {
    this.#options = options
    this.#deployed = options.declarations(this.#stopping.signal)
    this.#deployed.catch(() => {})
  }

  /** A file that only a synthesis reads has changed. Once more it is said once more: it may differ in something else. */
  add(file: string): void {
    this.#files.add(file)
    this.#told = ''
  }

  /** Says it, where it is not what was said last. */
  tell(): void {
    this.hush()
    this.#telling = new AbortController()
    const signal = AbortSignal.any([this.#telling.signal, this.#stopping.signal])
    this.#message(signal).then(
      (message) => {
        if (message !== this.#told && message !== '') this.#options.say(message)
        this.#told = message
      },
      (error: Error) => {
        if (!signal.aborted) this.#options.say(`This cannot be deployed:\n${error.message}`)
      },
    )
  }

  /** Leaves off: another edit has come. */
  hush(): void {
    this.#telling.abort()
  }

  stop(): void {
    this.#stopping.abort()
  }

  async #message(signal: AbortSignal): Promise<string> {
    await wait(LATER, undefined, { signal })
    const [before, now] = await Promise.all([this.#deployed, this.#options.declarations(signal)])
    const needs = [
      ...[...this.#files].map((file) => `${file} has changed`),
      ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
      ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ]
    return needs.length === 0 ? '' : ['Not deployed yet. Restart npm start to apply:', ...needs].join('\n  ')
  }
}

/** Asks a process of its own, which reads the skillsets as they are now. */
export async function readDeclarations(
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string[]> {
  const reader = spawn(process.execPath, [join(import.meta.dirname, 'print-declarations.ts')], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const [said, error, [code, ended]] = await Promise.all([
    text(reader.stdout),
    text(reader.stderr),
    once(reader, 'close'),
  ])
  if (code !== 0) throw new Error(error.trim() || `the declarations were not read: ${ended ?? `exit status ${code}`}`)
  return said.trim().split('\n')
}
