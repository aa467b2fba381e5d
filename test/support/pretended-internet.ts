import dns, { type LookupAddress, type LookupOptions } from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

/**
 * The internet as one process is to see it. DNS answers what is said here, and connections to port 443 of an address end
 * at a port of this machine; there is nothing else out there. It lies below everything that Node does itself: lookups,
 * checks of them and certificates are real, and the code under test knows nothing.
 *
 * A process of its own gets it with `--import` of this file, `PRETENDED_INTERNET` and, for certificates,
 * `NODE_EXTRA_CA_CERTS`.
 */
export interface PretendedInternet {
  /** Addresses by name, or what answers with them. */
  readonly names: Record<string, readonly string[] | (() => readonly string[])>
  /** Ports of this machine by address. */
  readonly hosts: Record<string, number>
  /** Names that were asked for, and addresses that were connected to. */
  readonly lookups: string[]
  readonly connections: string[]
}

type Callback = (error: Error | null, ...answer: unknown[]) => void
type Connect = (this: object, request: object, address: string, port: number) => number
interface Binding {
  readonly TCP: { readonly prototype: { connect: Connect; connect6: Connect } }
}

const ENETUNREACH = -101

export function pretendInternet(given: Pick<PretendedInternet, 'names' | 'hosts'>): PretendedInternet {
  const internet: PretendedInternet = { ...given, lookups: [], connections: [] }
  const isHere = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.')

  const lookup = dns.lookup as unknown as (name: string, options: LookupOptions, callback: Callback) => void
  const pretendedLookup = (name: string, ...rest: [LookupOptions, Callback] | [Callback]) => {
    const callback = rest.at(-1) as Callback
    const options = rest.length === 2 ? rest[0] : {}
    if (isHere(name)) return lookup(name, options, callback)
    internet.lookups.push(name)
    const answer = internet.names[name] ?? []
    const addresses = (typeof answer === 'function' ? answer() : answer).map(
      (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
    )
    const [first] = addresses
    process.nextTick(() => {
      if (first === undefined)
        callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }))
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
  dns.lookup = pretendedLookup as unknown as typeof dns.lookup
  syncBuiltinESMExports()

  const { prototype } = (process as unknown as { binding(name: string): Binding }).binding('tcp_wrap').TCP
  const { connect, connect6 } = prototype
  const pretended = (original: Connect): Connect =>
    function (request, address, port) {
      if (isHere(address)) return original.call(this, request, address, port)
      internet.connections.push(`${address}:${port}`)
      const local = port === 443 ? internet.hosts[address] : undefined
      return local === undefined ? ENETUNREACH : connect.call(this, request, '127.0.0.1', local)
    }
  prototype.connect = pretended(connect)
  prototype.connect6 = pretended(connect6)
  return internet
}

const { PRETENDED_INTERNET } = process.env
if (PRETENDED_INTERNET) pretendInternet(JSON.parse(PRETENDED_INTERNET))
