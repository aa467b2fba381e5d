import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import { compromisedPurposes } from '../../model/rotation-token.ts'
import type { Audit } from '../audit/audit.ts'
import { keysSecret } from './keys-secret.ts'
import { ROTATION_STEPS, type Rotation, type RotationStep, rotationSteps } from './rotation-steps.ts'

const rotationEvent = z.object({
  Step: z.enum(ROTATION_STEPS),
  SecretId: z.string().check(z.minLength(1)),
  ClientRequestToken: z.string().check(z.minLength(1)),
})

/** Told of every step; never of a key. */
export type Report = (step: RotationStep, outcome: 'done' | 'already current') => void

/**
 * Makes the Lambda handler that Secrets Manager invokes once per step.
 * @returns a handler that rejects for a malformed event, and where the version asked for is not the one being rotated in
 */
export function rotationHandler(
  client: SecretsManagerClient,
  rotation: Omit<Rotation, 'secret' | 'compromised'>,
  report: Report,
  audit: Audit,
): (event: unknown) => Promise<void> {
  return async (event) => {
    const { Step, SecretId, ClientRequestToken } = rotationEvent.parse(event)
    const secret = keysSecret(client, SecretId, ClientRequestToken)
    if ((await secret.stage()) === 'current') return report(Step, 'already current')
    const compromised = compromisedPurposes(ClientRequestToken)
    await rotationSteps[Step]({ ...rotation, secret, compromised })
    report(Step, 'done')
    if (Step === 'finishSecret') audit('keys.rotated', { version: ClientRequestToken, compromised })
  }
}
