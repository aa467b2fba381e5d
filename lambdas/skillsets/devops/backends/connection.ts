import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { errorCode, ProbeFault } from './probe-fault.ts'

/** A connection for one request; the caller destroys it. */
export interface Connection {
  readonly socket: net.Socket
  /** RFC 3339: when the certificate ends, whether it is trusted or not. Absent without TLS. */
  readonly certificateEnd?: string
  /** Why the certificate is not to be trusted. */
  readonly distrust?: ProbeFault
}

/** What people call the commonest of OpenSSL's and Node's codes. */
const DISTRUST: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is of an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is of an authority that is not known',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
}

/**
 * Connects to a URL's host, with TLS where it is https. A certificate that does not verify is told and not thrown, so
 * that its end can be read; nothing may be sent over such a connection.
 * @throws ProbeFault `dns_failed`, `connect_failed` or `tls_invalid` where there is no connection
 * @throws the signal's AbortError
 */
export async function openConnection(url: URL, signal: AbortSignal): Promise<Connection> {
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const address = { host, port: Number(url.port || (secure ? 443 : 80)) }
  const socket = secure
    ? tls.connect({ ...address, ...(net.isIP(host) === 0 && { servername: host }), rejectUnauthorized: false })
    : net.connect(address)
  // Whoever awaits it hears of an error; one that comes later must not end the process.
  socket.on('error', () => undefined)
  try {
    await once(socket, secure ? 'secureConnect' : 'connect', { signal })
  } catch (error) {
    socket.destroy()
    throw signal.aborted ? error : connectFault(error)
  }
  return socket instanceof tls.TLSSocket ? { socket, ...certificateOf(socket) } : { socket }
}

function connectFault(error: unknown): ProbeFault {
  const code = errorCode(error)
  if (error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo')
    return new ProbeFault('dns_failed', `the host was not found (${code})`)
  if (/^(ERR_SSL|EPROTO)/.test(code)) return new ProbeFault('tls_invalid', `no TLS connection (${code})`)
  return new ProbeFault('connect_failed', `could not connect (${code})`)
}

function certificateOf(socket: tls.TLSSocket): Omit<Connection, 'socket'> {
  const end = socket.getPeerX509Certificate()?.validToDate.toISOString()
  const code = String(socket.authorizationError)
  return {
    ...(end !== undefined && { certificateEnd: end }),
    ...(!socket.authorized && {
      distrust: new ProbeFault('tls_invalid', `${DISTRUST[code] ?? 'the certificate is not trusted'} (${code})`),
    }),
  }
}
