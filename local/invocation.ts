/** What came of one Lambda invocation, as the service that invoked the function sees it. */
export type Invocation =
  /** The handler returned; `payload` is its JSON. */
  | { readonly kind: 'returned'; readonly payload: unknown }
  /** The handler streams: `contentType` is that of the Runtime API's response, `body` ends or throws with it. */
  | { readonly kind: 'streaming'; readonly contentType: string; readonly body: AsyncIterable<Uint8Array> }
  /** The handler threw, the process died, or a limit was reached. */
  | {
      readonly kind: 'failed'
      readonly reason: FailureReason
      readonly errorType: string
      readonly errorMessage: string
    }

type FailureReason = 'unhandled' | 'timeout' | 'crashed' | 'payload-too-large'

export function failed(reason: FailureReason, errorType: string, errorMessage: string): Invocation {
  return { kind: 'failed', reason, errorType, errorMessage }
}

/** The Lambda service of this machine, as API Gateway, rotation and custom resources use it. */
export interface LambdaService {
  /**
   * Invokes a function. Never rejects.
   * @param functionArn as in the resolved template
   * @param event serialised as JSON; at most 6 MB
   */
  invoke(functionArn: string, event: unknown): Promise<Invocation>
}
