import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Invocation, LambdaService } from '../../local/invocation.ts'
import { secretArn } from '../../local/resource-types.ts'
import { rotate, rotateWhatIsDue } from '../../local/rotation.ts'
import { readVersion, SecretStore } from '../../local/secret-store.ts'
import { resource, stackOf, temporaryDirectory } from './hand-made.ts'

const ARN = secretArn('keys')
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:rotation'
const STACKS = [
  stackOf(
    resource('AWS::SecretsManager::RotationSchedule', 'Schedule', 'schedule', {
      SecretId: ARN,
      RotationLambdaARN: FUNCTION,
      RotationRules: { AutomaticallyAfterDays: 30 },
      RotateImmediatelyOnUpdate: true,
    }),
  ),
]
const NOW = Date.now()

interface Step {
  readonly Step: string
  readonly SecretId: string
  readonly ClientRequestToken: string
}

/** A rotation function in this process; `failAt` is the step at which it throws. */
function rotationFunction(failAt?: string) {
  const store = new SecretStore(join(temporaryDirectory(), 'secrets.json'))
  store.create('keys', 'first', 'placeholder', NOW)
  const steps: Step[] = []
  const lambda: LambdaService = {
    async invoke(functionArn, event): Promise<Invocation> {
      expect(functionArn).toBe(FUNCTION)
      const step = event as Step
      steps.push(step)
      if (step.Step === failAt) return { kind: 'failed', reason: 'unhandled', errorType: 'E', errorMessage: 'no' }
      const secret = store.get(step.SecretId)
      if (step.Step === 'createSecret') store.put(secret, step.ClientRequestToken, 'made', ['AWSPENDING'], NOW)
      if (step.Step === 'finishSecret' && failAt !== 'never finishes')
        store.moveStage(secret, 'AWSCURRENT', step.ClientRequestToken, readVersion(secret, undefined, undefined).id)
      return { kind: 'returned', payload: null }
    },
  }
  return { store, lambda, steps }
}

test('PLATFORM 18: the first start rotates, in four steps, with one token staged AWSPENDING', async () => {
  const { store, lambda, steps } = rotationFunction()
  await rotateWhatIsDue(STACKS, store, lambda, NOW)
  expect(steps.map(({ Step }) => Step)).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
  expect(new Set(steps.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1)
  expect(readVersion(store.get(ARN), undefined, 'AWSCURRENT').value).toBe('made')
  expect(readVersion(store.get(ARN), undefined, 'AWSPREVIOUS').value).toBe('placeholder')
})

test('a later start rotates again only when it is due', async () => {
  const { store, lambda, steps } = rotationFunction()
  await rotateWhatIsDue(STACKS, store, lambda, NOW)
  await rotateWhatIsDue(STACKS, store, lambda, NOW + 29 * 86_400_000)
  expect(steps).toHaveLength(4)
  await rotateWhatIsDue(STACKS, store, lambda, NOW + 31 * 86_400_000)
  expect(steps).toHaveLength(8)
})

test.each([
  'createSecret',
  'setSecret',
  'testSecret',
  'finishSecret',
])('a failure at %s is named, and what was current stays', async (step) => {
  const { store, lambda } = rotationFunction(step)
  await expect(rotateWhatIsDue(STACKS, store, lambda, NOW)).rejects.toThrow(`keys failed at ${step}: E: no`)
  expect(readVersion(store.get(ARN), undefined, 'AWSCURRENT').value).toBe('placeholder')
})

test('a rotation that failed goes on with the same version', async () => {
  const { store, lambda, steps } = rotationFunction('testSecret')
  const secret = store.get(ARN)
  await rotate(STACKS, store, lambda, secret, 'second').catch(() => {})
  await rotate(STACKS, store, lambda, secret, 'third').catch(() => {})
  expect(new Set(steps.map(({ ClientRequestToken }) => ClientRequestToken))).toEqual(new Set(['second']))
})

test('a function that never moves AWSCURRENT has not rotated', async () => {
  const { store, lambda } = rotationFunction('never finishes')
  await expect(rotateWhatIsDue(STACKS, store, lambda, NOW)).rejects.toThrow('without a new current version')
})
