import * as z from 'zod'
import type { LambdaService } from './invocation.ts'
import { parsedResources } from './resource-properties.ts'
import { newVersionId, type Secret, type SecretStore } from './secret-store.ts'
import type { Stack } from './stack.ts'
import { StartError } from './start-error.ts'

const DAY = 86_400
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

const schedule = z.strictObject({
  SecretId: z.string(),
  RotationLambdaARN: z.string(),
  RotationRules: z.strictObject({ AutomaticallyAfterDays: z.int().positive() }),
  RotateImmediatelyOnUpdate: z.literal(true).optional(),
})

function schedules(stacks: readonly Stack[]): z.infer<typeof schedule>[] {
  const found = parsedResources(stacks, 'AWS::SecretsManager::RotationSchedule', schedule)
  return found.map(({ properties }) => properties)
}

/** The function that rotates a secret, where there is a schedule for it. */
export function rotationLambda(stacks: readonly Stack[], { arn }: Secret): string | undefined {
  return schedules(stacks).find(({ SecretId }) => SecretId === arn)?.RotationLambdaARN
}

/**
 * Rotates what was never rotated, or what is due, at start.
 * @param now milliseconds since the epoch
 * @throws StartError where a rotation fails
 */
export async function rotateWhatIsDue(
  stacks: readonly Stack[],
  store: SecretStore,
  lambda: LambdaService,
  now: number,
): Promise<void> {
  for (const { SecretId, RotationRules } of schedules(stacks)) {
    const secret = store.get(SecretId)
    const due = (secret.rotatedAt ?? 0) + RotationRules.AutomaticallyAfterDays * DAY
    if (due <= now / 1000) await rotate(stacks, store, lambda, secret, newVersionId())
  }
}

/**
 * One rotation as Secrets Manager does it (PLATFORM 18): a version is staged AWSPENDING, then the function is called
 * with each of four steps, the last of which moves AWSCURRENT.
 * @throws StartError naming the step that failed; what was current stays so
 */
export async function rotate(
  stacks: readonly Stack[],
  store: SecretStore,
  lambda: LambdaService,
  secret: Secret,
  versionId: string,
): Promise<void> {
  const functionArn = rotationLambda(stacks, secret)
  if (functionArn === undefined) throw new StartError(`secret ${secret.name} has no rotation function`)
  // A rotation that failed is taken up again where it stopped.
  const pending = secret.versions.find(({ stages }) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'))
  const token = pending?.id ?? store.begin(secret, versionId, ['AWSPENDING'], Date.now()).id
  for (const step of STEPS) {
    const event = { Step: step, SecretId: secret.arn, ClientRequestToken: token }
    const invocation = await lambda.invoke(functionArn, event)
    if (invocation.kind === 'failed')
      throw new StartError(
        `rotation of ${secret.name} failed at ${step}: ${invocation.errorType}: ${invocation.errorMessage}`,
      )
  }
  if (!secret.versions.some(({ id, stages }) => id === token && stages.includes('AWSCURRENT')))
    throw new StartError(`rotation of ${secret.name} ended without a new current version`)
  secret.rotatedAt = Math.floor(Date.now() / 1000)
  store.save()
}
