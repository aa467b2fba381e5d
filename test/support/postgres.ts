import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import type { SelfSigned } from './certificates.ts'

const DOCS = readFileSync(new URL('../../docs/data-postgres.md', import.meta.url), 'utf8')

/** The SQL of docs/data-postgres.md that is marked with a word, for a database of PGlite's name. */
export function documented(mark: 'once' | 'table' | 'tenant' | 'check'): string {
  const [, sql] = new RegExp(`\`\`\`sql ${mark}\n(.*?)\`\`\``, 's').exec(DOCS) ?? []
  if (sql === undefined) throw new Error(`docs/data-postgres.md has no SQL marked ${mark}`)
  return sql.replaceAll('DATABASE analytics', 'DATABASE postgres')
}

/** In a statement's text: it runs until it is cancelled, or for ever. */
export const UNTIL_CANCELLED = '/* until cancelled */'
export const FOR_EVER = '/* for ever */'

/** PostgreSQL 18 compiled to WebAssembly (PGlite), reached over the wire by a login role of each tenant. */
export interface TestPostgres {
  readonly port: number
  /** The value of the secret `database`. */
  readonly secret: string
  /** Keys of the cancel requests that came. */
  readonly cancelled: readonly { readonly processID: number; readonly secretKey: number }[]
  /** Users of the connections that came. */
  readonly connected: readonly string[]
  /** As superuser in the database that a tenant's role sees. */
  asSuperuser<Row>(tenant: string, sql: string): Promise<Row[]>
  /** Ends every connection, as a server does that restarts. */
  dropConnections(): void
  close(): Promise<void>
}

/**
 * PGlite has one session, and that one logged in as superuser. So each tenant's role gets a copy of the database, whose
 * session is the role's by SET SESSION AUTHORIZATION. What this PostgreSQL cannot show: a
 * password, and that `session_authorization` cannot be set back. It cannot be interrupted either, so what runs long is
 * held in front of it.
 * @param sql makes the tables, as superuser
 */
export async function startPostgres(
  sql: string,
  { tenants = ['example', 'partner'], tls }: { readonly tenants?: readonly string[]; readonly tls?: SelfSigned } = {},
): Promise<TestPostgres> {
  const original = await PGlite.create()
  await original.exec(sql)
  const data = await original.dumpDataDir('none')
  await original.close()
  const copies = new Map<string, Promise<Copy>>()
  const sockets = new Set<Socket>()
  const cancelled: { processID: number; secretKey: number }[] = []
  const connected: string[] = []
  const held = new Set<Socket>()

  const copyOf = (role: string) => {
    const copy = copies.get(role) ?? startCopy(data, role)
    copies.set(role, copy)
    return copy
  }

  for (const tenant of tenants) await copyOf(`mcp_${tenant}`)

  const front = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.once('data', (message) => void serve(socket, message).catch(() => socket.destroy()))
  })

  /** The first message of a connection: a wish for TLS, a cancel request, or the start of a session. */
  async function serve(socket: Socket, message: Buffer): Promise<void> {
    const word = message.readInt32BE(4)
    if (word === 80_877_103) {
      socket.write(tls ? 'S' : 'N')
      const channel = tls ? new TLSSocket(socket, { isServer: true, ...tls }) : socket
      channel.on('error', () => undefined)
      channel.once('data', (next: Buffer) => void serve(channel, next).catch(() => socket.destroy()))
    } else if (word === 80_877_102) {
      cancelled.push({ processID: message.readInt32BE(8), secretKey: message.readInt32BE(12) })
      for (const each of held) each.write(CANCELLED)
      held.clear()
      socket.end()
    } else {
      const parameters = message.subarray(8).toString().split('\0')
      const user = parameters[parameters.indexOf('user') + 1] ?? ''
      connected.push(user)
      const behind = connect((await copyOf(user)).port, '127.0.0.1')
      behind.write(message)
      behind.on('error', () => socket.destroy()).pipe(socket)
      socket.on('close', () => behind.destroy())
      socket.on('data', (sent: Buffer) => {
        if (sent.includes(UNTIL_CANCELLED)) held.add(socket)
        else if (!sent.includes(FOR_EVER)) behind.write(sent)
      })
    }
  }

  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const { port } = front.address() as AddressInfo
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    secret: JSON.stringify({
      host: '127.0.0.1',
      port,
      database: 'postgres',
      passwords: Object.fromEntries(tenants.map((tenant) => [tenant, `${tenant}'s password`])),
      ...(tls && { ca: tls.cert }),
    }),
    cancelled,
    connected,
    asSuperuser: async <Row>(tenant: string, statement: string) => {
      const role = `mcp_${tenant}`
      const { database } = await copyOf(role)
      await database.exec('SET SESSION AUTHORIZATION postgres')
      const { rows } = await database.query<Row>(statement)
      await database.exec(`SET SESSION AUTHORIZATION "${role}"`)
      return rows
    },
    dropConnections,
    close: async () => {
      dropConnections()
      front.close()
      for (const copy of copies.values()) {
        const { server, database } = await copy
        await server.stop()
        await database.close()
      }
    },
  }
}

/** ErrorResponse 57014 (query_canceled) and ReadyForQuery in a failed transaction. */
const CANCELLED = (() => {
  const fields = Buffer.from('SERROR\0VERROR\0C57014\0Mcanceling statement due to user request\0\0')
  const length = Buffer.alloc(4)
  length.writeInt32BE(4 + fields.length)
  return Buffer.concat([Buffer.from('E'), length, fields, Buffer.from([0x5a, 0, 0, 0, 5, 0x45])])
})()

interface Copy {
  readonly database: PGlite
  readonly server: PGLiteSocketServer
  readonly port: number
}

async function startCopy(data: Blob, role: string): Promise<Copy> {
  const database = await PGlite.create({ loadDataDir: data })
  await database.exec(`SET SESSION AUTHORIZATION "${role}"`)
  const server = new PGLiteSocketServer({ db: database, port: 0, host: '127.0.0.1', maxConnections: 10 })
  await server.start()
  return { database, server, port: Number(server.getServerConn().split(':')[1]) }
}
