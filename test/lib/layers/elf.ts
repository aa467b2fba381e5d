/** The first bytes of a 64-bit ELF library, as Linux has them: x86_64 is 0x3e, arm64 0xb7. */
export function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64)
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  header.writeUInt16LE(3, 16)
  header.writeUInt16LE(machine, 18)
  return header
}

export const X86_64 = 0x3e
export const ARM64 = 0xb7
