import { setTimeout as delay } from 'node:timers/promises'
import type { Client, Pool, PoolClient } from 'pg'
import { AbilityError } from '../../../../../runtime/ability-error.ts'
import { once } from '../../../../../runtime/once.ts'
import { withinTime } from '../../within-time.ts'
import { type DatabaseSecret, roleOf, tlsOf } from '../database-secret.ts'
import { asAbilityError, unavailable } from '../failure.ts'
import { cancelRequest, type SessionKey } from './cancel-request.ts'
import { beginReading, END_READING } from './transaction.ts'

export interface Connections {
  /**
   * Runs something in a read-only transaction of a tenant's role; nothing that it does is ever committed.
   * @param milliseconds for all of it
   * @throws AbilityError as Engine says; the signal's reason
   */
  read<Result>(
    tenant: string,
    milliseconds: number,
    signal: AbortSignal,
    use: (client: Client) => Promise<Result>,
  ): Promise<Result>
  close(): Promise<void>
}

interface TenantPool {
  readonly pool: Pool
  readonly server: DatabaseSecret
}

/** Connections per tenant and instance. */
const MOST = 4
const CONNECT_MS = 5_000
const IDLE_MS = 60_000
/** After a cancel request the statement has this long to end before its connection is cut. */
const CANCEL_GRACE_MS = 500

/**
 * One login role per tenant, each with connections of its own: who asks is decided by whose connection it is, which no
 * SQL can change.
 * @param fetchSecret asked at each new connection, so that a new password needs no restart
 * @param checkRole of a connection that is new; it throws where the role may do too much
 */
export function createConnections(
  fetchSecret: () => Promise<DatabaseSecret>,
  checkRole: (client: Client, tenant: string) => Promise<void>,
): Connections {
  const loadPool = once(async () => (await import('pg')).Pool)
  const tenants = new Map<string, () => Promise<TenantPool>>()
  const pools: Pool[] = []
  const checked = new WeakSet<Client>()

  function poolOf(tenant: string): Promise<TenantPool> {
    const open = tenants.get(tenant) ?? once(() => openPool(tenant))
    tenants.set(tenant, open)
    return open()
  }

  async function openPool(tenant: string): Promise<TenantPool> {
    const [DatabasePool, server] = await Promise.all([loadPool(), fetchSecret()])
    passwordOf(server, tenant)
    const pool = new DatabasePool({
      host: server.host,
      port: server.port,
      database: server.database,
      user: roleOf(tenant),
      password: async () => passwordOf(await fetchSecret(), tenant),
      ssl: tlsOf(server),
      application_name: 'mcp-data',
      max: MOST,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: IDLE_MS,
      allowExitOnIdle: true,
      keepAlive: true,
      // Values stay text: what `pg` makes of dates and numbers is not exact.
      types: { getTypeParser: () => (text: string) => text },
    })
    pools.push(pool)
    // A connection that ends is found out by whoever uses it next.
    pool.on('error', () => undefined)
    pool.on('connect', (client) => client.on('error', () => undefined))
    return { pool, server }
  }

  /** A connection that lay idle may be gone, in a frozen function even unnoticed: the next is tried, a new one once. */
  async function begin(pool: Pool, tenant: string, milliseconds: number): Promise<PoolClient> {
    for (;;) {
      const client = await pool.connect()
      const isNew = !checked.has(client)
      try {
        if (isNew) await checkRole(client, tenant)
        checked.add(client)
        await client.query(beginReading(milliseconds))
        return client
      } catch (error) {
        client.release(true)
        if (isNew) throw unavailable(error)
      }
    }
  }

  async function readUntil<Result>(
    over: AbortSignal,
    tenant: string,
    milliseconds: number,
    use: (client: Client) => Promise<Result>,
  ): Promise<Result> {
    try {
      const { pool, server } = await poolOf(tenant)
      const client = await begin(pool, tenant, milliseconds)
      const stop = () => stopStatement(server, client)
      over.addEventListener('abort', stop)
      try {
        over.throwIfAborted()
        return await use(client)
      } finally {
        over.removeEventListener('abort', stop)
        await leave(client, over.aborted)
      }
    } catch (error) {
      throw asAbilityError(error)
    }
  }

  return {
    read: (tenant, milliseconds, signal, use) =>
      withinTime(milliseconds, signal, (over) => readUntil(over, tenant, milliseconds, use)),
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

/** `pg` keeps the key of a session without saying so in its types. */
async function stopStatement(server: DatabaseSecret, client: Client): Promise<void> {
  await cancelRequest(server, client as Client & SessionKey).catch(() => undefined)
  await delay(CANCEL_GRACE_MS, undefined, { ref: false })
  client.connection.stream.destroy()
}

/** Gives a connection back clean. A cancelled one is not kept: the request could still reach its next statement. */
async function leave(client: PoolClient, cancelled: boolean): Promise<void> {
  if (cancelled) return client.release(true)
  try {
    await client.query(END_READING)
    client.release()
  } catch {
    client.release(true)
  }
}

function passwordOf({ passwords }: DatabaseSecret, tenant: string): string {
  const password = Object.hasOwn(passwords, tenant) ? passwords[tenant] : undefined
  if (password !== undefined) return password
  throw new AbilityError(
    'engine_unavailable',
    'Your organisation has no access to the database.',
    'Ask an administrator.',
  )
}
