import { createHash } from 'node:crypto'

/**
 * Random numbers that a seed decides (sfc32). Everything made of them uses + - * / alone: a sine or a power may differ
 * in its last digit from one machine to the next, and the rows with it.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed).digest()
    this.#a = digest.readInt32LE(0)
    this.#b = digest.readInt32LE(4)
    this.#c = digest.readInt32LE(8)
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result
    this.#c |= 0
    return (result >>> 0) / 4294967296
  }

  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1))
  }

  /** Most often near the middle. */
  bell(least: number, most: number): number {
    return least + Math.floor(((this.fraction() + this.fraction() + this.fraction()) / 3) * (most - least + 1))
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  /** A count whose mean is `mean`. */
  about(mean: number): number {
    const varied = mean * (0.85 + 0.3 * this.fraction())
    return Math.floor(varied) + (this.chance(varied % 1) ? 1 : 0)
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(0, items.length - 1)] as Item
  }

  /** One of the keys, each as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][]
    let left = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    return entries[entries.length - 1]?.[0] as Key
  }
}
