import type { VerifiedToken } from './access-token.ts'
import { hash } from './crypto.ts'

/**
 * Tokens whose signature has been verified, so that a call with the same token costs a hash. Keyed by the SHA-256 of
 * the whole token, so another signature over the same claims is another token. Failures are not kept: strangers would
 * push the verified ones out.
 */
export class VerifiedTokens {
  readonly #capacity: number
  /** In order of use, the least recent first. */
  readonly #tokens = new Map<string, VerifiedToken>()

  /** @param capacity how many tokens to keep; the least recently used one goes first */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(token: string): VerifiedToken | undefined {
    const digest = hash('sha256', token, 'base64url')
    const verified = this.#tokens.get(digest)
    if (verified === undefined) return undefined
    this.#tokens.delete(digest)
    this.#tokens.set(digest, verified)
    return verified
  }

  add(token: string, verified: VerifiedToken): void {
    this.#tokens.set(hash('sha256', token, 'base64url'), verified)
    if (this.#tokens.size <= this.#capacity) return
    for (const oldest of this.#tokens.keys()) {
      this.#tokens.delete(oldest)
      return
    }
  }
}
