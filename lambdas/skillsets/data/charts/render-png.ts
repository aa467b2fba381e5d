import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { FONT_FAMILY, fonts } from './font.ts'

const MISSING = '□'
const require = createRequire(import.meta.url)
let ready: Promise<void> | undefined

export interface RenderedPng {
  readonly png: Uint8Array
  /** Characters that the bundled font lacks, each once: they are boxes in the picture. */
  readonly missing: string
}

/** A chart's SVG as a picture. The font is the bundled one: nothing is read from the machine or the network. */
export async function renderPng(svg: string): Promise<RenderedPng> {
  ready ??= initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')))
  await ready
  const { regular, semiBold } = fonts()
  const missing = [...new Set(svg)].filter((character) => character > '~' && !regular.has(character))
  const isMissing = new Set(missing)
  const drawable =
    missing.length === 0 ? svg : [...svg].map((character) => (isMissing.has(character) ? MISSING : character)).join('')
  const resvg = new Resvg(drawable, {
    font: {
      fontBuffers: [regular.bytes, semiBold.bytes],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  })
  // Not freed where it fails: what WebAssembly trapped in cannot be, and saying so would hide why.
  const image = resvg.render()
  const png = image.asPng()
  image.free()
  resvg.free()
  return { png, missing: missing.join('') }
}
