/** What one deed makes AWS do. */
export interface Calls {
  readonly httpApi: number
  readonly restApi: number
  readonly gate: number
  readonly skillset: number
  readonly oauth: number
  /** Requests to DynamoDB, both tables together. */
  readonly reads: number
  readonly writes: number
  readonly secretReads: number
}

/** A client's first connection with sign-in and consent; a tool call; a refresh of the access token. */
export type Deed = 'connection' | 'call' | 'refresh'

/** As counted; test/e2e/counted-calls.test.ts counts again. */
export const COUNTED: Readonly<Record<Deed, Calls>> = {
  connection: { httpApi: 6, restApi: 3, gate: 2, skillset: 1, oauth: 6, reads: 5, writes: 10, secretReads: 0 },
  call: { httpApi: 0, restApi: 1, gate: 1, skillset: 1, oauth: 0, reads: 1, writes: 0, secretReads: 0 },
  refresh: { httpApi: 1, restApi: 0, gate: 0, skillset: 0, oauth: 1, reads: 1, writes: 1, secretReads: 0 },
}
