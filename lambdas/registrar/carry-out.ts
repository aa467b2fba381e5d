import type { CustomResourceEvent } from './custom-resource-event.ts'
import { Refusal } from './refusal.ts'
import { deregisterPolicy, registerPolicy } from './register-policy.ts'
import { deregisterServer, registerServer } from './register-server.ts'
import { isServerName, parsePolicyDocument, parseServerDocument } from './registration-document.ts'
import type { Owner, Registrations } from './registrations.ts'
import { stackName } from './stack-name.ts'

const POLICY = 'policy'
const SERVER = 'server/'

/** What a request has done. */
export interface CarriedOut {
  readonly physicalId: string
  /** Which server; absent for the policy, and for what names nothing. */
  readonly server?: string
  /** `nothing`: what was to be removed is another's, or names nothing. */
  readonly act: 'registered' | 'removed' | 'nothing'
}

/**
 * Does what CloudFormation asks. Every request may be repeated.
 *
 * A Delete is told by its physical id what to delete and succeeds whatever is there: CloudFormation also sends one when
 * it rolls back a Create that was refused (PLATFORM 23d), and what is another's then stays.
 * @returns with the physical id: `policy` or `server/<name>`
 * @throws Refusal
 */
export async function carryOut(
  event: CustomResourceEvent,
  registrations: Registrations,
  authorizationStack: string,
): Promise<CarriedOut> {
  const owner: Owner = { stack: stackName(event.StackId), logicalId: event.LogicalResourceId }
  if (event.RequestType === 'Delete') return await remove(event.PhysicalResourceId, owner, registrations)
  switch (event.ResourceType) {
    case 'Custom::McpPolicy':
      await registerPolicy(
        registrations,
        parsePolicyDocument(event.ResourceProperties.Policy),
        owner,
        authorizationStack,
      )
      return { physicalId: POLICY, act: 'registered' }
    case 'Custom::McpServer': {
      const server = parseServerDocument(event.ResourceProperties.Registration)
      await registerServer(registrations, server, owner)
      return { physicalId: SERVER + server.name, server: server.name, act: 'registered' }
    }
    default:
      throw new Refusal(`there is no resource type ${JSON.stringify(event.ResourceType)}`)
  }
}

async function remove(physicalId: string, owner: Owner, registrations: Registrations): Promise<CarriedOut> {
  if (physicalId === POLICY) {
    const removed = await deregisterPolicy(registrations, owner)
    return { physicalId, act: removed ? 'removed' : 'nothing' }
  }
  const server = physicalId.startsWith(SERVER) ? physicalId.slice(SERVER.length) : ''
  if (!isServerName(server)) return { physicalId, act: 'nothing' }
  const removed = await deregisterServer(registrations, server, owner)
  return { physicalId, server, act: removed ? 'removed' : 'nothing' }
}

/**
 * The physical id of a request that failed: what the resource already has, else what it would have got, so that the
 * Delete of a rollback cleans up after a Create that broke off half way; else one that names nothing.
 */
export function physicalIdOfFailure(event: CustomResourceEvent): string {
  if (event.RequestType !== 'Create') return event.PhysicalResourceId
  if (event.ResourceType === 'Custom::McpPolicy') return POLICY
  try {
    return SERVER + parseServerDocument(event.ResourceProperties.Registration).name
  } catch {
    return `refused/${event.RequestId}`
  }
}
