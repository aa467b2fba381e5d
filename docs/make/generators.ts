import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The pages and pictures of one generator: path from the project's root -> content. */
export type Made = Readonly<Record<string, string | Uint8Array>>

export interface Generator {
  readonly name: string
  make(): Promise<Made>
}

/** Every file of this folder that exports `make`, by name. */
export async function generators(): Promise<Generator[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.ts') && file !== 'run.ts').sort()
  const modules = await Promise.all(
    files.map(async (file) => ({
      name: file.replace(/\.ts$/, ''),
      ...(await import(join(import.meta.dirname, file))),
    })),
  )
  return modules.filter(({ make }) => typeof make === 'function')
}
