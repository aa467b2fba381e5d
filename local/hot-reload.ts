import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { type BuildFailure, build, formatMessages, stop as stopEsbuild } from 'esbuild'
import { bundleOf, bundling } from '../lib/bundling.ts'
import { watchSources } from './source-watch.ts'

/** What functions are bundled from. */
const BUNDLED = ['lambdas', 'model']
/** What only a synthesis reads. */
const SYNTHESIZED = ['bin', 'lib', 'cdk.json']

export interface HotReloadOptions {
  /** The project's folder. */
  readonly root: string
  /** The file of the configuration. */
  readonly config: string
  /** Directories of functions' bundles. */
  readonly bundles: readonly string[]
  /** Told of a bundle that has changed. */
  renew(bundle: string): void
  /** What the skillsets declare, line by line; rejects with why that cannot be said. */
  declarations(): Promise<readonly string[]>
  /** For the person who edits. */
  say(message: string): void
}

/**
 * Bundles a function anew when one of its sources has changed and puts the bundle into the place of the former
 * (PLATFORM 26). What needs a synthesis is told: it takes a restart. esbuild runs only while it bundles: its own watch
 * mode would keep 300 MB, and looks for changes once a second.
 */
export function startHotReload(options: HotReloadOptions): { stop(): Promise<void> } {
  const { root, say } = options
  const deployed = options.declarations()
  deployed.catch(() => {})
  const changed = new Set<string>()
  /** Functions whose sources do not bundle; they serve their former code. */
  const broken = new Set<string>()
  /** What a synthesis would read and has changed. */
  const synthesized = new Set<string>()
  let told = ''
  let working: Promise<void> | undefined

  const unwatch = watchSources(
    [...BUNDLED, ...SYNTHESIZED, options.config].map((path) => resolve(root, path)),
    (files) => {
      for (const file of files) changed.add(relative(root, file))
      working ??= work()
        .catch((error: Error) => say(`Hot reload failed: ${error.message}`))
        .finally(() => {
          working = undefined
        })
    },
  )

  async function work(): Promise<void> {
    while (changed.size > 0) {
      const files = [...changed]
      changed.clear()
      const bundled = files.filter((file) => BUNDLED.some((folder) => isBelow(folder, file)))
      for (const file of files) if (!bundled.includes(file)) synthesized.add(file)
      if (bundled.length > 0) await reload(bundled)
      if (changed.size === 0 && broken.size === 0) await tellWhatNeedsSynthesis()
    }
  }

  async function reload(files: readonly string[]): Promise<void> {
    const began = performance.now()
    const functions = options.bundles.map((bundle) => ({ bundle, sources: sourcesOf(bundle) }))
    // In no bundle: new, or without code of its own, as a file that exports what others have.
    const anybody = files.some((file) => !functions.some(({ sources }) => sources.includes(file)))
    const affected = functions
      .map(({ bundle, sources }) => ({ bundle, sources, entry: sources.at(-1) ?? '' }))
      .filter(({ entry, sources }) => anybody || broken.has(entry) || files.some((file) => sources.includes(file)))
    const entries = affected.map(({ entry }) => entry)
    const wasBroken = broken.size > 0
    try {
      const { outputFiles } = await build(bundling(entries, root))
      broken.clear()
      const renewed = affected.filter(({ bundle, entry }) => put(bundle, bundleOf(entry, outputFiles, root)))
      for (const { bundle } of renewed) options.renew(bundle)
      const names = renewed.map(({ entry }) => entry).join(', ')
      if (names) say(`Reloaded ${names} (${Math.round(performance.now() - began)} ms)`)
      else if (wasBroken) say('The error is gone; nothing else has changed.')
    } catch (error) {
      for (const entry of entries) broken.add(entry)
      const { errors } = error as BuildFailure
      if (errors === undefined) throw error
      const formatted = await formatMessages(errors, { kind: 'error', color: false })
      say(`${formatted.join('')}The code from before this edit goes on serving.`)
    } finally {
      await stopEsbuild()
    }
  }

  async function tellWhatNeedsSynthesis(): Promise<void> {
    let message: string
    try {
      const [before, now] = await Promise.all([deployed, options.declarations()])
      const needs = [
        ...[...synthesized].map((file) => `${file} has changed`),
        ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
        ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
      ]
      message = ['Not deployed yet. Restart npm start to apply:', ...needs].join('\n  ')
      if (needs.length === 0) message = ''
    } catch (error) {
      message = `This cannot be deployed:\n${(error as Error).message}`
    }
    if (message !== told && message !== '') say(message)
    told = message
  }

  return {
    async stop() {
      unwatch()
      await working
    },
  }
}

/** The files of a bundle, below the project's folder; esbuild puts the handler's own last, after all it imports. */
function sourcesOf(bundle: string): string[] {
  return JSON.parse(readFileSync(join(bundle, 'index.mjs.map'), 'utf8')).sources
}

/** @returns whether anything is new */
function put(bundle: string, files: ReadonlyMap<string, string>): boolean {
  let isNew = false
  for (const [name, content] of files) {
    const path = join(bundle, name)
    if (readFileSync(path, 'utf8') === content) continue
    isNew = true
    // Never half a file: a process may start at this moment.
    writeFileSync(`${path}.new`, content)
    renameSync(`${path}.new`, path)
  }
  return isNew
}

function isBelow(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`)
}

/** Asks a process of its own, which reads the skillsets as they are now. */
export async function readDeclarations(environment: Readonly<Record<string, string>>): Promise<string[]> {
  const reader = spawn(process.execPath, [join(import.meta.dirname, 'declarations.ts')], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [said, error, [code]] = await Promise.all([text(reader.stdout), text(reader.stderr), once(reader, 'close')])
  if (code !== 0) throw new Error(error.trim())
  return said.trim().split('\n')
}
