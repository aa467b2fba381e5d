import { setDefaultCACertificates } from 'node:tls'
import { type PretendedInternet, pretendInternet } from '../../../support/pretended-internet.ts'
import { type PublicHost, startPublicHost } from '../../../support/public-host.ts'
import { KNOWN, LOOPBACK } from '../journey.ts'

export const HOST = 'client.example.com'
export const CLIENT = `https://${HOST}/client.json`
export const JWKS_URI = `https://${HOST}/jwks.json`
const ADDRESS = '93.184.216.34'

/** What a client publishes of itself. */
export function metadataDocument(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { client_id: CLIENT, client_name: 'Published client', redirect_uris: [LOOPBACK, KNOWN], ...more }
}

/** A client's own web server, at a public name of the internet that this process sees. */
export interface Publisher {
  readonly host: PublicHost
  readonly internet: PretendedInternet
  /** Publishes what the client says of itself, and its keys. */
  publish(document: unknown, keys?: unknown, headers?: Readonly<Record<string, string>>): void
  /** Paths that were fetched since it was asked before. */
  fetched(): string[]
  close(): Promise<void>
}

export async function startPublisher(): Promise<Publisher> {
  const host = await startPublicHost(HOST)
  const internet = pretendInternet({ names: { [HOST]: [ADDRESS] }, hosts: { [ADDRESS]: host.port } })
  setDefaultCACertificates([host.certificate])
  return {
    host,
    internet,
    publish: (document, keys, headers = { 'Cache-Control': 'max-age=600' }) =>
      host.serve({ '/client.json': document, ...(keys !== undefined && { '/jwks.json': keys }) }, headers),
    fetched: () => host.requests.splice(0).map(({ url = '' }) => url),
    close: () => host.close(),
  }
}
