import { randomBytes } from 'node:crypto'
import { resourcesOfType } from './resource-properties.ts'
import { readVersion, type SecretStore } from './secret-store.ts'
import type { Stack } from './stack.ts'

/** The client that the factory is at its identity provider. */
export interface ConfidentialClient {
  readonly id: string
  readonly secret: string
}

type Environment = Record<string, string>

/** The variables of the functions that people sign in through. */
export function upstreamEnvironments(stacks: readonly Stack[]): Environment[] {
  return resourcesOfType(stacks, 'AWS::Lambda::Function')
    .map(({ properties }) => (properties.Environment as { Variables?: Environment } | undefined)?.Variables ?? {})
    .filter(({ UPSTREAM_ISSUER }) => UPSTREAM_ISSUER !== undefined)
}

/**
 * A direct connection's credentials, which exist before a deployment: those given, else what the store has, else new.
 * @returns undefined behind Cognito
 */
export function provideCredentials(
  stacks: readonly Stack[],
  store: SecretStore,
  given: ConfidentialClient | undefined,
): ConfidentialClient | undefined {
  const secret = upstreamEnvironments(stacks).find(({ UPSTREAM_SECRET_ARN }) => UPSTREAM_SECRET_ARN !== undefined)
  if (secret === undefined) return undefined
  const { UPSTREAM_SECRET_ARN = '', UPSTREAM_SECRET_VERSION = '' } = secret
  const stored = store.find(UPSTREAM_SECRET_ARN)
  if (given === undefined && stored?.versions.some(({ id, value }) => id === UPSTREAM_SECRET_VERSION && value)) {
    const { clientId, clientSecret } = JSON.parse(readVersion(stored, UPSTREAM_SECRET_VERSION, undefined).value)
    return { id: clientId, secret: clientSecret }
  }
  const client = given ?? {
    id: `local-${randomBytes(6).toString('hex')}`,
    secret: randomBytes(24).toString('base64url'),
  }
  const name = UPSTREAM_SECRET_ARN.replace(/^arn:.*:secret:/, '')
  const value = JSON.stringify({ clientId: client.id, clientSecret: client.secret })
  store.provide(name, UPSTREAM_SECRET_VERSION, value, Date.now())
  return client
}
