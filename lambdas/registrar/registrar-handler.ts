import type { Audit } from '../audit/audit.ts'
import { errorChain } from '../shell/error-chain.ts'
import type { Log } from '../shell/log.ts'
import { answer, type Outcome } from './answer.ts'
import { carryOut, physicalIdOfFailure } from './carry-out.ts'
import { type AnswerableEvent, answerableEvent, customResourceEvent } from './custom-resource-event.ts'
import { Refusal } from './refusal.ts'
import type { Registrations } from './registrations.ts'

/**
 * Makes the Lambda handler of the custom resources `Custom::McpPolicy` and `Custom::McpServer`.
 * @param log told of what is a fault of ours. The event itself is never logged: its ResponseURL is a credential
 * @returns a handler that rejects only when CloudFormation cannot be answered; Lambda then tries the whole event again
 */
export function registrarHandler(
  registrations: Registrations,
  authorizationStack: string,
  log: Pick<Log, 'error'>,
  audit: Audit,
): (event: unknown) => Promise<void> {
  async function outcomeOf(answerable: AnswerableEvent, event: unknown): Promise<Outcome> {
    const parsed = customResourceEvent.safeParse(event)
    const about = aboutOf(answerable)
    const refused = (physicalId: string, reason: string): Outcome => {
      audit('registration.refused', { ...about, detail: reason })
      return { status: 'FAILED', physicalId, reason }
    }
    if (!parsed.success) {
      const physicalId = answerable.PhysicalResourceId ?? `refused/${answerable.RequestId}`
      return refused(physicalId, 'not a request for a custom resource')
    }
    try {
      const { physicalId, server, act } = await carryOut(parsed.data, registrations, authorizationStack)
      if (act === 'nothing')
        audit('registration.refused', { ...about, detail: `nothing of its own is at ${physicalId}` })
      else if (server === undefined) audit(`policy.${act}`, about)
      else audit(`server.${act}`, { ...about, server })
      return { status: 'SUCCESS', physicalId }
    } catch (error) {
      const physicalId = physicalIdOfFailure(parsed.data)
      if (error instanceof Refusal) return refused(physicalId, error.message)
      log.error('registration failed', { requestId: answerable.RequestId, reason: errorChain(error) })
      return { status: 'FAILED', physicalId, reason: `internal error; request ${answerable.RequestId} in the log` }
    }
  }

  return async (event) => {
    const answerable = answerableEvent.parse(event)
    await answer(answerable, await outcomeOf(answerable, event))
  }
}

function aboutOf({ RequestId, StackId, LogicalResourceId }: AnswerableEvent) {
  return { requestId: RequestId, stack: StackId, logicalId: LogicalResourceId }
}
