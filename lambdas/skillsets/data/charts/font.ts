import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Of a chart's text. Page and picture name it; only the picture has to bring it. */
export const FONT_FAMILY = 'Inter'

/** How wide text is and what a font has, read from its file (OpenType 1.9: head, hhea, hmtx, cmap). */
export class Font {
  readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly tables: ReadonlyMap<string, number>
  private readonly unitsPerEm: number
  private readonly longMetrics: number
  private readonly glyphs = new Map<number, number>()

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const names = Array.from({ length: this.view.getUint16(4) }, (_, index) => 12 + index * 16)
    this.tables = new Map(
      names.map((at) => [String.fromCharCode(...bytes.subarray(at, at + 4)), this.view.getUint32(at + 8)]),
    )
    this.unitsPerEm = this.view.getUint16(this.table('head') + 18)
    this.longMetrics = this.view.getUint16(this.table('hhea') + 34)
  }

  has(character: string): boolean {
    return this.glyphOf(character.codePointAt(0) ?? 0) !== 0
  }

  /** In the unit of `size`, without kerning. */
  width(text: string, size: number): number {
    let units = 0
    for (const character of text) {
      const glyph = Math.min(this.glyphOf(character.codePointAt(0) ?? 0), this.longMetrics - 1)
      units += this.view.getUint16(this.table('hmtx') + glyph * 4)
    }
    return (units * size) / this.unitsPerEm
  }

  private table(name: string): number {
    const at = this.tables.get(name)
    if (at === undefined) throw new Error(`the font has no table ${name}`)
    return at
  }

  /** 0, the glyph of what is missing, where the font lacks it. */
  private glyphOf(codePoint: number): number {
    const known = this.glyphs.get(codePoint)
    if (known !== undefined) return known
    const glyph = this.lookUp(codePoint)
    this.glyphs.set(codePoint, glyph)
    return glyph
  }

  /** In the table's segments of format 12, which reach beyond the first 65,536 code points. */
  private lookUp(codePoint: number): number {
    const at = this.segments()
    for (let group = 0; group < this.view.getUint32(at + 12); group++) {
      const start = this.view.getUint32(at + 16 + group * 12)
      if (codePoint >= start && codePoint <= this.view.getUint32(at + 20 + group * 12))
        return this.view.getUint32(at + 24 + group * 12) + codePoint - start
    }
    return 0
  }

  private segments(): number {
    const cmap = this.table('cmap')
    for (let record = 0; record < this.view.getUint16(cmap + 2); record++) {
      const at = cmap + this.view.getUint32(cmap + 4 + record * 8 + 4)
      if (this.view.getUint16(at) === 12) return at
    }
    throw new Error('the font has no character map of format 12')
  }
}

const require = createRequire(import.meta.url)
let read: { readonly regular: Font; readonly semiBold: Font } | undefined

/** The bundled faces, read once. Deployed they are in a layer, where `require` looks and `import` does not. */
export function fonts() {
  read ??= { regular: load('400Regular/Inter_400Regular.ttf'), semiBold: load('600SemiBold/Inter_600SemiBold.ttf') }
  return read
}

function load(file: string): Font {
  return new Font(readFileSync(require.resolve(`@expo-google-fonts/inter/${file}`)))
}
