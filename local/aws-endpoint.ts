import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AwsError } from './aws-error.ts'
import { accessDenied, type ConditionContext, type Principal } from './iam.ts'
import { listenOnLoopback, readBody } from './loopback-server.ts'
import { type Credentials, verifySignature } from './signature.ts'

/** A caller the endpoints know. */
export interface Caller {
  readonly credentials: Credentials
  readonly principal: Principal
}

/** Callers by access key id. */
export type Callers = ReadonlyMap<string, Caller>

/** One call of an AWS service that speaks JSON 1.0 or 1.1, its signature verified. */
export interface AwsCall {
  /** `GetItem`. */
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly body: Buffer
  /**
   * Refuses what the caller's role does not allow.
   * @throws AwsError AccessDeniedException
   */
  authorize(resource: string, context?: ConditionContext): void
}

export interface AwsAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const LARGEST_REQUEST = 16 * 1024 * 1024

/**
 * Serves one AWS service on a loopback port of its own. The whole request is read before anything looks at it, so a
 * client that leaves in its middle harms nothing (PLATFORM 24).
 * @param service its name in signatures and actions
 */
export async function serveAws(
  service: string,
  callers: Callers,
  answer: (call: AwsCall) => Promise<AwsAnswer>,
): Promise<{ url: string; close(): Promise<void> }> {
  const { port, close } = await listenOnLoopback((request, response) => {
    serve(service, callers, answer, request)
      .catch((error: unknown) => errorAnswer(error))
      .then((answered) => send(response, answered))
      // The client left while its request was read.
      .catch(() => response.destroy())
  })
  return { url: `http://127.0.0.1:${port}`, close }
}

async function serve(
  service: string,
  callers: Callers,
  answer: (call: AwsCall) => Promise<AwsAnswer>,
  request: IncomingMessage,
): Promise<AwsAnswer> {
  const body = await readBody(request, LARGEST_REQUEST)
  if (body === undefined) throw new AwsError('RequestEntityTooLarge', 'The request is larger than 16 MB', 413)
  const caller = verifySignature({ headers: request.headers, body }, service, callers, Date.now())
  const operation = String(request.headers['x-amz-target']).split('.')[1]
  if (request.method !== 'POST' || request.url !== '/' || !operation)
    throw new AwsError('UnknownOperationException', `${service} is called by POST / with X-Amz-Target`)
  return answer({
    operation,
    input: parseBody(body),
    body,
    authorize(resource, context) {
      const action = `${service}:${operation}`
      const decision = caller.principal.decide(action, resource, context)
      if (decision !== 'allowed')
        throw new AwsError('AccessDeniedException', accessDenied(caller.principal, action, resource, decision))
    },
  })
}

function parseBody(body: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // Answered below, as a body that is no object.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object')
}

function errorAnswer(error: unknown): AwsAnswer {
  const known = error instanceof AwsError ? error : new AwsError('InternalServerError', String(error), 500)
  return {
    status: known.status,
    body: JSON.stringify({ __type: known.type, message: known.message, Message: known.message }),
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: AwsAnswer): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
    ...headers,
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
