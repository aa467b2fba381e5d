export interface ThrottleLimits {
  readonly ThrottlingRateLimit?: number | undefined
  readonly ThrottlingBurstLimit?: number | undefined
}

/**
 * API Gateway's token bucket, one per method or route. Without limits everything passes: the account's 10,000 requests
 * per second are nothing one machine reaches.
 */
export class Throttle {
  readonly #rate: number | undefined
  readonly #burst: number
  #tokens: number
  #filledAt = 0

  constructor({ ThrottlingRateLimit, ThrottlingBurstLimit }: ThrottleLimits) {
    this.#rate = ThrottlingRateLimit
    this.#burst = ThrottlingBurstLimit ?? ThrottlingRateLimit ?? 0
    this.#tokens = this.#burst
  }

  /** @param now milliseconds */
  admits(now: number): boolean {
    if (this.#rate === undefined) return true
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#rate)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
