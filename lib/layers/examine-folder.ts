import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Cpu } from './contents.ts'

/** `e_machine` of ELF by processor. */
const MACHINES: Readonly<Record<Cpu, number>> = { x64: 0x3e, arm64: 0xb7 }

/** Of a function with its layers, unzipped; Lambda's limit in bytes. */
export const MOST_UNZIPPED_BYTES = 250 * 1024 * 1024

/**
 * What of a folder could not run where it is deployed to, a line each: native code must be Linux's, and for the processor.
 * @returns also how many bytes the folder has
 */
export function examineFolder(
  folder: string,
  cpu: Cpu,
): { readonly problems: readonly string[]; readonly bytes: number } {
  const problems: string[] = []
  let bytes = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    const stat = statSync(path)
    if (!stat.isFile()) continue
    bytes += stat.size
    if (!/\.(?:node|so)(?:\.\d+)*$/.test(name)) continue
    const machine = elfMachine(path)
    if (machine !== MACHINES[cpu])
      problems.push(
        `${name}: found ${machine === undefined ? 'no ELF file' : `ELF machine 0x${machine.toString(16)}`}; allowed: Linux ${cpu} (0x${MACHINES[cpu].toString(16)})`,
      )
  }
  return { problems, bytes }
}

/** Undefined where it is no little-endian 64-bit ELF file, as macOS and Windows have none. */
function elfMachine(path: string): number | undefined {
  const header = Buffer.alloc(20)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, header.length, 0)
  } finally {
    closeSync(file)
  }
  return header.subarray(0, 6).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1])) ? header.readUInt16LE(18) : undefined
}
