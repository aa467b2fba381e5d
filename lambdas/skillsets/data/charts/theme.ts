export type Theme = 'light' | 'dark'

export interface Colours {
  readonly background: string
  readonly text: string
  /** Of what is less important: subtitle, labels of axes. */
  readonly quiet: string
  readonly grid: string
  /** Told apart with each kind of colour blindness, and 3:1 against the background (WCAG 2.2 SC 1.4.11). */
  readonly series: readonly [string, ...string[]]
  /** Of what was put together. */
  readonly other: string
  /** From little to much. */
  readonly ramp: readonly string[]
}

export const COLOURS = {
  light: {
    background: '#ffffff',
    text: '#1b1f24',
    quiet: '#57606a',
    grid: '#e3e6ea',
    series: ['#1e5c7b', '#c94c18', '#25855b', '#c254ca', '#13196c', '#5a4001', '#4b192f'],
    other: '#8a9099',
    ramp: ['#e6f0f8', '#8fbbdc', '#3b82b8', '#0a4a80', '#062a52'],
  },
  dark: {
    background: '#1e2125',
    text: '#e8eaed',
    quiet: '#a7afb8',
    grid: '#373c43',
    series: ['#2b9dfb', '#d78b2a', '#a0e9d2', '#d3a2cc', '#fee06b', '#8d62bd', '#d7371d'],
    other: '#8a9099',
    ramp: ['#23364a', '#2a5f8f', '#3b91cf', '#85c2ec', '#e2f2ff'],
  },
} as const satisfies Record<Theme, Colours>
