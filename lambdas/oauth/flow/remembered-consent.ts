import type { ServerDocument } from '../../../model/documents.ts'
import { redirectUriKind } from '../../../model/redirect-uri.ts'
import type { KnownClient } from '../../store/clients.ts'
import { sha256 } from '../../tokens/secrets.ts'
import { isLocalOrAddress } from '../clients/redirect-uri.ts'

/**
 * What a remembered consent is for, beside the person: the client, its exact redirect URI and metadata, the server. A
 * client that changes anything about itself is asked about again.
 */
export function consentDigest(client: KnownClient, redirectUri: string, server: ServerDocument): string {
  const metadata = sha256(JSON.stringify(client.metadata))
  return sha256(JSON.stringify([client.clientId, redirectUri, metadata, server.name, server.resource]))
}

/**
 * Whether consent may be remembered at all: any program on the machine can listen on a loopback port or claim a
 * private-use scheme, and an IP address belongs to whoever has it today. For those each request is asked about.
 */
export function mayRemember(redirectUri: string): boolean {
  return redirectUriKind(redirectUri, []) === 'https' && !isLocalOrAddress(redirectUri)
}

/**
 * Whether a remembered consent answers this request: it covers everything that was asked and may be held.
 * @param asked what the page would grant, and the privileged scopes that the client names
 */
export function covers(remembered: readonly string[], asked: readonly string[]): boolean {
  return asked.every((scope) => remembered.includes(scope))
}
