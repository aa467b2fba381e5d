import { expect, it } from 'vitest'
import { factoryOfFile } from './factory-of-file.ts'
import { ENDPOINT_USES } from './uses/all-uses.ts'

/** What an instance that is warm asks of the table: nothing but what no cache may answer. */
const CALLS = new Map<string, readonly string[]>([
  ['GET /', []],
  ['GET /.well-known/oauth-authorization-server', []],
  ['GET /.well-known/openid-configuration', []],
  ['GET /.well-known/oauth-protected-resource/productivity/mcp', []],
  ['GET /.well-known/jwks.json', []],
  ['GET /servers', []],
  // Nobody who has not signed in causes a write, registration excepted.
  ['GET /authorize by a stranger', ['GetItem']],
  ['POST /consent by a stranger', ['GetItem']],
  ['POST /consent to deny', ['GetItem']],
  ['POST /account to sign in', []],
  ['POST /register', ['PutItem']],
  // Client, session, consent; the note and the code.
  ['GET /authorize with a remembered consent', ['GetItem', 'GetItem', 'GetItem', 'PutItem', 'PutItem']],
  ['POST /consent with a browser session', ['GetItem', 'GetItem', 'PutItem', 'PutItem']],
  // Client, code; state, session with its note and address, grant's note, client's life, code.
  ['GET /callback', ['GetItem', 'GetItem', ...Array(5).fill('PutItem'), 'UpdateItem', 'PutItem']],
  ['GET /callback to the account', Array(4).fill('PutItem')],
  ['POST /token with a code', ['BatchGetItem', 'UpdateItem', 'PutItem']],
  ['POST /token with a refresh token', ['BatchGetItem', 'UpdateItem']],
  ['POST /introspect', ['BatchGetItem']],
  // The person's index, for the remembered consents; deny entry, tombstone, note.
  ['POST /revoke with a refresh token', ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']],
  ['POST /revoke with an access token', ['BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']],
  ['GET /account', ['GetItem', 'Query', 'BatchGetItem']],
  ['POST /account to end a grant', ['GetItem', 'Query', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']],
  ['POST /account to sign out', ['GetItem', 'GetItem', 'DeleteItem', 'DeleteItem']],
  ['GET /register/<client>', ['GetItem']],
  ['DELETE /register/<client>', ['GetItem', 'DeleteItem']],
])

const { factory } = await factoryOfFile()

it.each(ENDPOINT_USES)('$name', async ({ name, prepare }) => {
  const { request, done } = await prepare(factory)
  // What may be remembered is: a document by the first who reads it.
  if (request.method === undefined && request.cookies === undefined) await factory.send(request)
  factory.table.takeCalls()
  const answer = await factory.send(request)
  expect(factory.table.takeCalls()).toEqual(CALLS.get(name))
  expect(await done(answer)).toBe(true)
})
