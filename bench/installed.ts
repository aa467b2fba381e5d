import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a peer is in bench/node_modules: another package.json may want another version. */
export function isInstalled(name: string): boolean {
  return existsSync(join(import.meta.dirname, 'node_modules', name))
}
