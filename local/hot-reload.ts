import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { type BuildFailure, formatMessages } from 'esbuild'
import { bundleOf } from '../lib/bundling.ts'
import { FunctionsBundler } from './functions-bundler.ts'
import { watchSources } from './source-watch.ts'
import { UndeployedChanges, type UndeployedChangesOptions } from './undeployed-changes.ts'

/** What functions are bundled from. */
const BUNDLED = ['lambdas', 'model']
/** What only a synthesis reads. */
const SYNTHESIZED = ['bin', 'lib', 'cdk.json']

export interface HotReloadOptions extends UndeployedChangesOptions {
  /** The project's folder. */
  readonly root: string
  /** The file of the configuration. */
  readonly config: string
  /** Directories of functions' bundles. */
  readonly bundles: readonly string[]
  /** Told of a bundle that has changed. */
  renew(bundle: string): void
}

/**
 * Bundles a function anew when one of its sources has changed and puts the bundle into the place of the former
 * (PLATFORM 26). What needs a synthesis is told: it takes a restart. esbuild's own watch mode would look for changes once
 * a second.
 */
export function startHotReload(options: HotReloadOptions): { stop(): Promise<void> } {
  const { root, say } = options
  const bundler = new FunctionsBundler(root)
  const undeployed = new UndeployedChanges(options)
  const sources = new Map<string, readonly string[]>()
  const changed = new Set<string>()
  /** Functions whose sources do not bundle; they serve their former code. */
  const broken = new Set<string>()
  let working: Promise<void> | undefined

  const unwatch = watchSources(
    [...BUNDLED, ...SYNTHESIZED, options.config].map((path) => resolve(root, path)),
    (files) => {
      undeployed.hush()
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
      for (const file of files) if (!bundled.includes(file)) undeployed.add(file)
      if (bundled.length > 0) await reload(bundled)
    }
    if (broken.size === 0) undeployed.tell()
  }

  async function reload(files: readonly string[]): Promise<void> {
    const began = performance.now()
    for (const bundle of options.bundles) if (!sources.has(bundle)) sources.set(bundle, sourcesOf(bundle))
    const functions = [...sources].map(([bundle, sources]) => ({ bundle, sources, entry: sources.at(-1) ?? '' }))
    // In no bundle: new, or without code of its own, as a file that exports what others have.
    const anybody = files.some((file) => !functions.some(({ sources }) => sources.includes(file)))
    const affected = functions.filter(
      ({ entry, sources }) => anybody || broken.has(entry) || files.some((file) => sources.includes(file)),
    )
    const entries = affected.map(({ entry }) => entry)
    const wasBroken = broken.size > 0
    try {
      const outputFiles = await bundler.bundle(entries)
      broken.clear()
      const renewed = affected.filter(({ bundle, entry }) => put(bundle, bundleOf(entry, outputFiles, root)))
      for (const { bundle } of renewed) {
        sources.delete(bundle)
        options.renew(bundle)
      }
      const names = renewed.map(({ entry }) => entry).join(', ')
      if (names) say(`Reloaded ${names} (${Math.round(performance.now() - began)} ms)`)
      else if (wasBroken) say('The error is gone; nothing else has changed.')
    } catch (error) {
      for (const entry of entries) broken.add(entry)
      const { errors } = error as BuildFailure
      if (errors === undefined) throw error
      const formatted = await formatMessages(errors, { kind: 'error', color: false })
      say(`${formatted.join('')}The code from before this edit goes on serving.`)
    }
  }

  return {
    async stop() {
      unwatch()
      undeployed.stop()
      await working
      await bundler.stop()
    },
  }
}

/** The files of a bundle, below the project's folder; the handler's own is last, as esbuild puts it in its map. */
function sourcesOf(bundle: string): string[] {
  const maps = readdirSync(bundle, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map'))
  const ofHandler = maps.splice(maps.indexOf('index.mjs.map'), 1)
  return [...maps, ...ofHandler].flatMap((map) =>
    (JSON.parse(readFileSync(join(bundle, map), 'utf8')).sources as string[]).map((source) =>
      join(dirname(map), source),
    ),
  )
}

/** @returns whether anything is new */
function put(bundle: string, files: ReadonlyMap<string, string>): boolean {
  let isNew = false
  for (const [name, content] of files) {
    const path = join(bundle, name)
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue
    isNew = true
    mkdirSync(dirname(path), { recursive: true })
    // Never half a file: a process may start at this moment.
    writeFileSync(`${path}.new`, content)
    renameSync(`${path}.new`, path)
  }
  return isNew
}

function isBelow(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`)
}
