import { answer, type Outcome } from './answer.ts'
import { carryOut, physicalIdOfFailure } from './carry-out.ts'
import { type AnswerableEvent, answerableEvent, customResourceEvent } from './custom-resource-event.ts'
import { Refusal } from './refusal.ts'
import type { Registrations } from './registrations.ts'

/** Told what came of each request. The event itself is never logged: its ResponseURL is a credential. */
export interface RegistrarLog {
  info(message: string, fields: Readonly<Record<string, unknown>>): void
  error(message: string, fields: Readonly<Record<string, unknown>>): void
}

/**
 * Makes the Lambda handler of the custom resources `Custom::McpPolicy` and `Custom::McpServer`.
 * @returns a handler that rejects only when CloudFormation cannot be answered; Lambda then tries the whole event again
 */
export function registrarHandler(
  registrations: Registrations,
  authorizationStack: string,
  log: RegistrarLog,
): (event: unknown) => Promise<void> {
  async function outcomeOf(answerable: AnswerableEvent, event: unknown): Promise<Outcome> {
    const parsed = customResourceEvent.safeParse(event)
    if (!parsed.success) {
      const physicalId = answerable.PhysicalResourceId ?? `refused/${answerable.RequestId}`
      return { status: 'FAILED', physicalId, reason: 'not a request for a custom resource' }
    }
    try {
      return { status: 'SUCCESS', physicalId: await carryOut(parsed.data, registrations, authorizationStack) }
    } catch (error) {
      const physicalId = physicalIdOfFailure(parsed.data)
      if (error instanceof Refusal) return { status: 'FAILED', physicalId, reason: error.message }
      log.error('registration failed', { requestId: answerable.RequestId, error })
      return { status: 'FAILED', physicalId, reason: `internal error; request ${answerable.RequestId} in the log` }
    }
  }

  return async (event) => {
    const answerable = answerableEvent.parse(event)
    const outcome = await outcomeOf(answerable, event)
    log.info('registration', {
      requestId: answerable.RequestId,
      stack: answerable.StackId,
      resource: answerable.LogicalResourceId,
      ...outcome,
    })
    await answer(answerable, outcome)
  }
}
