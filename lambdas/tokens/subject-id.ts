import { sha256 } from './secrets.ts'

/**
 * The `sub` of a person: base64url(SHA-256(`<real identity provider's issuer>|<its subject>`)). It does not depend on
 * what stands between (Cognito), so a person keeps it when the connection changes.
 */
export function subjectId(issuer: string, subject: string): string {
  return sha256(`${issuer}|${subject}`)
}
