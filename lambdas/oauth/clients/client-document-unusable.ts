/**
 * What a client says of itself, or its keys, could not be read from where it keeps them. That need not stay so: a client
 * with a grant is told to try again, not to sign in again.
 */
export class ClientDocumentUnusable extends Error {
  override readonly name = 'ClientDocumentUnusable'
}
