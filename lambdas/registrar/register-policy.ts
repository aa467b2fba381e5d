import type { PolicyDocument } from '../../model/documents.ts'
import { Refusal } from './refusal.ts'
import type { Owner, Registrations } from './registrations.ts'

const POLICY = { pk: 'POLICY', sk: 'POLICY' }

/**
 * Writes the organisation's policy.
 * @param authorizationStack the one stack that may
 * @throws Refusal for any other stack
 */
export async function registerPolicy(
  registrations: Registrations,
  policy: PolicyDocument,
  owner: Owner,
  authorizationStack: string,
): Promise<void> {
  if (owner.stack !== authorizationStack) throw new Refusal('only the authorization stack has a policy')
  if (!(await registrations.put(POLICY, owner, { doc: JSON.stringify(policy) })))
    throw new Refusal('another stack has written the policy')
}

/**
 * Deletes the policy for its owner: from then on the authorization server and every gate answer 503.
 * @returns false where it is another's
 */
export async function deregisterPolicy(registrations: Registrations, owner: Owner): Promise<boolean> {
  return await registrations.delete(POLICY, owner)
}
