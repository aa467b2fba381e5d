import { decodeJwt } from 'jose'
import { CommandFailure, EXIT } from '../command-failure.ts'
import type { LocalFactory } from '../local-factory.ts'
import { signIn } from '../sign-in.ts'
import { findPerson } from '../token.ts'
import type { TokenSource } from './evidence.ts'

/**
 * Tokens that a person gave, each for the server that it names as its audience: no other server ever sees it.
 * @throws CommandFailure for what is no access token
 */
export function givenTokens(tokens: readonly string[]): TokenSource {
  const byAudience = new Map(tokens.map((token) => [audienceOf(token), token]))
  return async (resource) => {
    const token = byAudience.get(resource)
    return token === undefined ? { unavailable: 'give --token an access token for this server' } : { token }
  }
}

/** Tokens of the factory that runs here: a sample person signs in, and is given all everyday scopes but the last. */
export function localTokens({ people }: Pick<LocalFactory, 'people'>, person: string): TokenSource {
  return async (resource, scopes) => {
    const scope = scopes.length > 1 ? scopes.slice(0, -1).join(' ') : undefined
    try {
      return await signIn({ server: new URL(resource), email: findPerson(person, people), scope })
    } catch (error) {
      return { unavailable: (error as Error).message }
    }
  }
}

function audienceOf(token: string): string {
  try {
    const { aud } = decodeJwt(token)
    if (typeof aud === 'string') return aud
  } catch {}
  throw new CommandFailure('--token: found no access token; allowed: one that this factory issued', EXIT.wrongUsage)
}
