import { basename, join } from 'node:path'

/**
 * The file of a skillset's process, `processes/<name>.ts`, for `node:child_process`: in a bundle it lies beside the
 * handler as `processes/<name>.mjs`. Its environment wants the `NODE_PATH` of the function, where layers are.
 */
export function processEntry(skillset: string, name: string): string {
  const isBundled = basename(import.meta.filename) !== 'process-entry.ts'
  return isBundled
    ? join(import.meta.dirname, 'processes', `${name}.mjs`)
    : join(import.meta.dirname, '..', 'skillsets', skillset, 'processes', `${name}.ts`)
}
