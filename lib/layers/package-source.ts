import { spawnSync } from 'node:child_process'
import { createHash, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LayerPackage } from './contents.ts'
import type { LockedPackage } from './lockfile.ts'

/** Brings a package's tarball into an empty folder. */
export type DownloadTarball = (locked: LockedPackage, folder: string) => void

export interface PackageSources {
  readonly nodeModules: string
  /** Where downloaded packages are kept. */
  readonly cache: string
  readonly locked: (name: string) => LockedPackage
  readonly download: DownloadTarball
}

/**
 * The folder of a package: as it is installed, or, where npm installed that of another platform, downloaded and checked
 * against the lockfile.
 * @throws Error where it cannot be had, or is not what the lockfile says
 */
export function packageFolder({ name, cpu }: LayerPackage, sources: PackageSources): string {
  const installed = join(sources.nodeModules, name)
  if (existsSync(installed)) return installed
  if (cpu === undefined) throw new Error(`${name} is not installed: run npm ci`)
  const locked = sources.locked(name)
  const kept = join(sources.cache, `${name.replaceAll('/', '+')}-${locked.version}`)
  if (!existsSync(kept)) download(locked, kept, sources.download)
  return kept
}

/** Unpacked beside its place and then moved: a package that is there is whole, and was checked. */
function download(locked: LockedPackage, target: string, downloadTarball: DownloadTarball): void {
  mkdirSync(dirname(target), { recursive: true })
  const folder = mkdtempSync(`${target}-`)
  try {
    downloadTarball(locked, folder)
    const [tarball] = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
    if (tarball === undefined) throw new Error(`${locked.name}@${locked.version}: npm brought no tarball`)
    assertIntegrity(locked, readFileSync(join(folder, tarball)))
    run('tar', ['-xzf', tarball, '--no-same-owner'], folder)
    renameSync(join(folder, 'package'), target)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function assertIntegrity({ name, version, integrity }: LockedPackage, tarball: Buffer): void {
  const wanted = Buffer.from(integrity.slice('sha512-'.length), 'base64')
  const found = createHash('sha512').update(tarball).digest()
  if (wanted.length !== found.length || !timingSafeEqual(wanted, found))
    throw new Error(
      `${name}@${version}: found sha512-${found.toString('base64')}; allowed: ${integrity}, as package-lock.json has it`,
    )
}

/** By npm, with whatever registry and access the user has configured. */
export const npmPack: DownloadTarball = ({ name, version }, folder) => {
  run('npm', ['pack', `${name}@${version}`, '--pack-destination', folder, '--silent'], folder)
}

function run(command: string, given: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, given, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${given.join(' ')} failed: ${error?.message ?? stderr.trim()}`)
}
