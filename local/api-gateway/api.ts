import type { LambdaService } from '../invocation.ts'
import type { LambdaPermissions } from '../lambda-permissions.ts'
import type { Answer } from './answer.ts'
import type { Context } from './context.ts'
import type { DomainMapping } from './domain-mapping.ts'
import type { GatewayRequest } from './request.ts'

/** What both kinds of API stand on. */
export interface Gateway {
  readonly lambda: LambdaService
  readonly permissions: LambdaPermissions
  /** Milliseconds since the epoch. */
  now(): number
  /** Tells the log, never the client, why a request failed. */
  explain(requestId: string, reason: string): void
}

export interface Api {
  /** The name of its one stage. */
  readonly stage: string
  /** @param mapping absent where the request came to the API's own host */
  respond(request: GatewayRequest, mapping: DomainMapping | undefined): Promise<Exchange>
}

export interface Exchange {
  readonly answer: Answer
  /** Absent where the request reached no stage, or the stage keeps no log. */
  readonly accessLog?: { readonly format: string; readonly context: Context }
}
