import * as z from 'zod'
import type { AuthorizerContext } from '../../model/authorizer-context.ts'
import { parseScope } from '../../model/scopes.ts'
import type { Caller } from './ability-context.ts'

/** What the gate vouched for: who calls, what they may ever do here, and until when. */
export interface Admission {
  readonly person: Caller
  /** The grant that the token belongs to: what this person gave this client. */
  readonly grant: string
  /** The scopes the person may ever hold on this server. */
  readonly ceiling: readonly string[]
  /** Milliseconds since the epoch: the token's `exp`. A stream ends here (RS-07). */
  readonly expiresAt: number
}

const text = z.string().min(1)

/** API Gateway adds entries of its own; the gate's are all strings (PLATFORM 3). */
const schema = z.object({
  sub: text,
  email: text,
  name: z.string(),
  picture: z.string(),
  tenant: text,
  scope: z.string(),
  ceiling: z.string(),
  client_id: text,
  sid: text,
  jti: text,
  exp: z.string().regex(/^\d{1,12}$/),
} satisfies Record<keyof AuthorizerContext, z.ZodType<string>>)

/**
 * Reads `requestContext.authorizer`, the only place a person comes from.
 * @returns undefined where it is absent or incomplete: the request did not pass the gate, and nothing is served
 */
export function readAdmission(authorizer: unknown): Admission | undefined {
  const parsed = schema.safeParse(authorizer)
  if (!parsed.success) return undefined
  const { sub, email, name, picture, tenant, scope, ceiling, client_id, sid, exp } = parsed.data
  return {
    person: {
      id: sub,
      email,
      name,
      ...(picture !== '' && { picture }),
      tenant,
      scopes: parseScope(scope),
      clientId: client_id,
    },
    grant: sid,
    ceiling: parseScope(ceiling),
    expiresAt: Number(exp) * 1000,
  }
}
