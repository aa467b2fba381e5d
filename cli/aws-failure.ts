import { CommandFailure } from './command-failure.ts'

/** What helps where the SDK's own words do not say it. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /Region is missing/,
    'Set AWS_REGION to the region of the factory, or AWS_PROFILE to a profile that has one; commands that have --local take the factory on this machine with it.',
  ],
  [
    /credentials|security token|CredentialsProviderError|UnrecognizedClient|ExpiredToken|InvalidClientTokenId/i,
    'Set AWS_PROFILE to a profile of the account (aws configure list-profiles), and sign in to it (aws sso login).',
  ],
  [
    /AccessDenied|not authorized/i,
    'The identity that you use may not do that: ask for the permission, or use another.',
  ],
  [/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN/, 'Is AWS_REGION a region, and the network there?'],
]

/**
 * A failed call of AWS in words that help; never with what was sent.
 * @param what was not done
 */
export function awsFailure(what: string, error: unknown): CommandFailure {
  const { name, message, code } = error as Error & { code?: string }
  const said = `${name}: ${message || code || 'no reason given'}`
  const hint = HINTS.find(([pattern]) => pattern.test(`${said} ${code ?? ''}`))?.[1]
  return new CommandFailure([`${what} ${said}`, ...(hint ? [hint] : [])].join('\n'), undefined, { cause: error })
}
