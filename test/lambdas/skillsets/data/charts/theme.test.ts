import { expect, test } from 'vitest'
import { COLOURS, type Theme } from '../../../../../lambdas/skillsets/data/charts/theme.ts'

const THEMES: readonly Theme[] = ['light', 'dark']
/** Below this two colours are taken for one, in hundredths of OKLab's unit. */
const TELLING = 8.5

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const SIGHT = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function linear(colour: string): number[] {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
}

const times = (matrix: readonly (readonly number[])[], vector: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * (vector[index] ?? 0), 0))

/** WCAG 2.2. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => times([[0.2126, 0.7152, 0.0722]], linear(colour))[0] ?? 0
  const [least = 0, greatest = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (greatest + 0.05) / (least + 0.05)
}

/** Ottosson's OKLab. */
function lab(rgb: readonly number[]): number[] {
  const cone = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map((part) => Math.cbrt(Math.max(0, part)))
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cone,
  )
}

const clamp = (part: number) => Math.min(1, Math.max(0, part))

test.each(THEMES)('%s: text and marks stand out from the ground (WCAG 1.4.3, 1.4.11)', (theme) => {
  const { background, text, quiet, series, other } = COLOURS[theme]
  expect(contrast(text, background)).toBeGreaterThan(7)
  expect(contrast(quiet, background)).toBeGreaterThan(4.5)
  for (const colour of [...series, other]) expect(contrast(colour, background), colour).toBeGreaterThan(3)
})

test.each(
  THEMES.flatMap((theme) => Object.entries(SIGHT).map(([name, matrix]) => ({ theme, name, matrix }))),
)('$theme: colours are told apart with $name', ({ theme, matrix }) => {
  const seen = [...COLOURS[theme].series, COLOURS[theme].other].map((colour) =>
    lab(times(matrix, linear(colour)).map(clamp)),
  )
  const distances = seen.flatMap((a, index) =>
    seen.slice(index + 1).map((b) => 100 * Math.hypot(...a.map((part, i) => part - (b[i] ?? 0)))),
  )
  expect(Math.min(...distances)).toBeGreaterThan(TELLING)
})

test.each(THEMES)('%s: the ramp goes one way in lightness', (theme) => {
  const lightness = COLOURS[theme].ramp.map((colour) => lab(linear(colour))[0] ?? 0)
  const sorted = lightness.toSorted((a, b) => (theme === 'light' ? b - a : a - b))
  expect(lightness).toEqual(sorted)
})
