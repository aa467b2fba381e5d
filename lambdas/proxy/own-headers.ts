import { cached } from '../store/cached.ts'
import type { Backend } from './environment.ts'

/** Seconds: a secret that is replaced is used within this time. */
const LIFETIME = 300
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** A secret of a header cannot be had. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable'
}

/**
 * The headers of the config, those in secrets included.
 * @param readSecret a secret's value, undefined where it was never set
 * @param now seconds since the epoch
 * @returns what reads them. It throws SecretUnavailable, and the next call tries again
 */
export function ownHeaders(
  { headers, secretHeaders }: Backend,
  readSecret: (name: string, arn: string) => Promise<string | undefined>,
  now: () => number,
): () => Promise<Readonly<Record<string, string>>> {
  const read = async () => {
    const values = await Promise.all(
      secretHeaders.map(async ({ header, secret, arn }) => [header, await headerValue(secret, arn)] as const),
    )
    return { ...headers, ...Object.fromEntries(values) }
  }
  async function headerValue(secret: string, arn: string): Promise<string> {
    const value = await readSecret(secret, arn).catch((error: unknown) => {
      throw new SecretUnavailable(`secret ${secret} cannot be read`, { cause: error })
    })
    // Whoever stores a value by a pipe stores its line break, too.
    const header = value?.trim() ?? ''
    if (!HEADER_VALUE.test(header)) throw new SecretUnavailable(`secret ${secret} holds no value for a header`)
    return header
  }
  return cached(read, LIFETIME, now)
}
