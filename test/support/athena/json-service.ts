import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Caller, Callers } from '../../../local/aws-endpoint.ts'
import { AwsError } from '../../../local/aws-error.ts'
import { listenOnLoopback, readBody } from '../../../local/loopback-server.ts'
import { verifySignature } from '../../../local/signature.ts'

export type Input = Readonly<Record<string, unknown>>

/** What a test makes go wrong with an operation, once each. */
export interface Fault {
  readonly operation: string
  /** Milliseconds until it is answered. */
  readonly after?: number
  /** Answered in place of what it would be. */
  readonly error?: ServiceError
  /** Whether the operation is carried out all the same. */
  readonly carriedOut?: true
}

/** An error as Athena sends it: measured at the real service, which has no `x-amzn-errortype`. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly body: Input
  readonly status: number

  constructor(body: Input, status = 400) {
    super(JSON.stringify(body))
    this.body = body
    this.status = status
  }
}

export function invalidRequest(code: string, message: string): ServiceError {
  return new ServiceError({
    __type: 'InvalidRequestException',
    AthenaErrorCode: code,
    ErrorCode: code,
    Message: message,
  })
}

export const tooManyRequests = () =>
  new ServiceError({
    __type: 'TooManyRequestsException',
    Message: 'Rate exceeded',
    Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED',
  })

export const internalError = () => new ServiceError({ __type: 'InternalServerException', Message: 'Internal' }, 500)

export const metadataError = () =>
  new ServiceError({ __type: 'MetadataException', Message: 'Glue of account 000000000000 does not answer' })

export const expiredToken = () =>
  new ServiceError({
    __type: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  })

/**
 * Serves AWS JSON 1.1 on a loopback port; signatures are checked.
 * @param faults those that are still to come; each is taken out when it comes
 */
export async function serveJson(
  service: string,
  callers: Callers,
  faults: Fault[],
  answer: (operation: string, input: Input, caller: Caller) => Promise<object>,
): Promise<{ url: string; close(): Promise<void> }> {
  const respond = async (request: IncomingMessage) => {
    const body = (await readBody(request, 1024 * 1024)) ?? Buffer.alloc(0)
    const caller = verifySignature({ headers: request.headers, body }, service, callers, Date.now())
    const operation = `${request.headers['x-amz-target']}`.replace(/^AmazonAthena\./, '')
    const at = faults.findIndex((fault) => fault.operation === operation)
    const [fault] = at < 0 ? [] : faults.splice(at, 1)
    if (fault?.error && !fault.carriedOut) throw fault.error
    const answered = await answer(operation, JSON.parse(body.toString()) as Input, caller)
    if (fault?.after) await wait(fault.after)
    if (fault?.error) throw fault.error
    return answered
  }
  const { port, close } = await listenOnLoopback((request, response) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
      response.end(JSON.stringify(body))
    }
    respond(request).then(
      (body) => send(200, body),
      (error: unknown) => {
        if (error instanceof ServiceError) send(error.status, error.body)
        else if (error instanceof AwsError) send(error.status, { __type: error.type, message: error.message })
        else send(500, { __type: 'InternalServerException', Message: String(error) })
      },
    )
  })
  return { url: `http://127.0.0.1:${port}`, close }
}
