import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { OutgoingFailed } from './outgoing-failed.ts'
import { isPublicAddress } from './public-address.ts'

/**
 * The `lookup` of a connection. Every address of the answer must be public; the connection is made to one of these and
 * the name is not asked for again, so a second answer (DNS rebinding) changes nothing.
 */
export const checkingLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...(options as LookupOptions), all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || first === undefined) return callback(error ?? new Error(`${hostname} has no address`), [])
    const refused = (addresses as LookupAddress[]).find(({ address }) => !isPublicAddress(address))
    if (refused !== undefined)
      return callback(new OutgoingFailed('address_not_public', `${hostname} is at ${refused.address}`), [])
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}
