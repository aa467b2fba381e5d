import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package as package-lock.json has it. */
export interface LockedPackage {
  readonly name: string
  readonly version: string
  /** Subresource Integrity: `sha512-…`. */
  readonly integrity: string
}

/**
 * Reads packages from package-lock.json, which has those of every platform.
 * @param root the project's folder
 * @throws Error for a package that is not in it, or has no sha512
 */
export function lockedPackages(root: string): (name: string) => LockedPackage {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string }>
  }
  return (name) => {
    const { version, integrity } = packages[`node_modules/${name}`] ?? {}
    if (version === undefined || !integrity?.startsWith('sha512-'))
      throw new Error(`package-lock.json: ${name}: found no version with a sha512; run npm install`)
    return { name, version, integrity }
  }
}
