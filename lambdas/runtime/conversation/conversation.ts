import { hkdfSync } from 'node:crypto'
import * as z from 'zod/mini'
import { type TenantKey, tenantKey } from '../../../model/tenant-key.ts'
import { readVariables, type Variables } from '../../shell/environment.ts'
import { fetchSecret } from '../fetch-secret.ts'
import type { Admission } from '../gate-context.ts'
import { once } from '../once.ts'
import { openTable } from '../open-table.ts'
import type { Table } from '../table.ts'

/**
 * What several requests of one client have in common, whichever instance each of them reaches: a key to seal what the
 * client keeps, and a table for what one instance leaves for another. Both are opened where they are first used: a
 * quick call needs no table.
 */
export interface Conversation {
  readonly key: () => Promise<Buffer>
  readonly table: () => Promise<Table>
}

const environment = z.object({
  CONVERSATION_SECRET_ARN: z.string().check(z.minLength(1)),
  CONVERSATION_TABLE_NAME: z.string().check(z.minLength(1)),
})

/**
 * The conversation of the function that this environment belongs to.
 * @throws Error naming the variables that are missing or malformed
 */
export function openConversation(variables: Variables, now: () => number): Conversation {
  const { CONVERSATION_SECRET_ARN, CONVERSATION_TABLE_NAME } = readVariables(environment, variables)
  return {
    key: once(async () => deriveKey(await fetchSecret('conversation', CONVERSATION_SECRET_ARN))),
    table: once(() => openTable(CONVERSATION_TABLE_NAME, now)),
  }
}

/** HKDF-SHA-256 (RFC 5869): the secret is text that Secrets Manager made up. */
export function deriveKey(secret: string | undefined): Buffer {
  if (!secret) throw new Error('the secret conversation has no value')
  return Buffer.from(hkdfSync('sha256', secret, '', 'mcp conversation', 32))
}

/** The partition of one grant: nobody else's messages are ever looked for there. */
export function conversationPartition({ person, grant }: Admission): TenantKey {
  return tenantKey(person.tenant, grant)
}
