import {
  DescribeSecretCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { listed } from '../../cli/keys-list.ts'
import { rotateKeys } from '../../cli/keys-rotation.ts'
import type { KeysSecret } from '../../cli/keys-secret.ts'
import { startCloudFormation } from './cloudformation-endpoint.ts'
import { factory } from './run-factory.ts'

type Stages = Record<string, string[]>

/** Secrets Manager as far as a rotation's beginning and end go. `ends`: whether the function makes the version current. */
function secretWith(stages: Stages, ends = true) {
  const sent: string[] = []
  const client = {
    async send(command: unknown) {
      if (command instanceof DescribeSecretCommand) return { VersionIdsToStages: stages }
      if (command instanceof UpdateSecretVersionStageCommand) {
        sent.push(`remove ${command.input.VersionStage} from ${command.input.RemoveFromVersionId}`)
        delete stages[String(command.input.RemoveFromVersionId)]
      }
      if (command instanceof RotateSecretCommand) {
        const pending = Object.entries(stages).find(
          ([, own]) => own.includes('AWSPENDING') && !own.includes('AWSCURRENT'),
        )
        const made = pending?.[0] ?? String(command.input.ClientRequestToken)
        sent.push(`rotate to ${command.input.ClientRequestToken}`)
        stages[made] = ends ? ['AWSCURRENT', 'AWSPENDING'] : ['AWSPENDING']
      }
      return {}
    },
  }
  return { secret: { id: 'arn:keys', client: client as unknown as KeysSecret['client'] }, sent }
}

describe('keys rotate', () => {
  it('ends when the new version is the current one', async () => {
    const { secret, sent } = secretWith({ one: ['AWSCURRENT'] })
    await rotateKeys(secret, 'two', { abandon: false, patience: 1 })
    expect(sent).toEqual(['rotate to two'])
  })

  it('waits for the rotation that did not end before, which is taken up again', async () => {
    const { secret } = secretWith({ one: ['AWSCURRENT'], half: ['AWSPENDING'] })
    await rotateKeys(secret, 'two', { abandon: false, patience: 1 })
  })

  it('of compromised keys gives that one up: its set still holds them', async () => {
    const { secret, sent } = secretWith({ one: ['AWSCURRENT'], half: ['AWSPENDING'] })
    await rotateKeys(secret, 'compromised-all-x', { abandon: true, patience: 1 })
    expect(sent).toEqual(['remove AWSPENDING from half', 'rotate to compromised-all-x'])
  })

  it('takes no label from the version that is current', async () => {
    const { secret, sent } = secretWith({ one: ['AWSCURRENT', 'AWSPENDING'] })
    await rotateKeys(secret, 'compromised-all-x', { abandon: true, patience: 1 })
    expect(sent).toEqual(['rotate to compromised-all-x'])
  })

  it('says when the rotation does not end, and where to look', async () => {
    const { secret } = secretWith({ one: ['AWSCURRENT'] }, false)
    const attempt = rotateKeys(secret, 'two', { abandon: false, patience: 1 })
    await expect(attempt).rejects.toThrow(
      /has not ended within 1 s\. The keys stay as they were[\s\S]*log of the rotation function/,
    )
  })

  it.each([
    [['keys', 'list'], /dev-mcp-authorization is not deployed in this account and region/],
    [['keys', 'rotate', '--compromised', 'everything'], /Allowed choices are signing, sealing, refresh/],
    [['keys', 'list', '--local'], /No factory runs in this directory/],
  ])('%j says what is wrong', async (args, message) => {
    await using endpoint = await startCloudFormation({})
    const { code, stderr } = await factory(args, {
      directory: import.meta.dirname,
      environment: { AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint.url },
    })
    expect(code).not.toBe(0)
    expect(stderr).toMatch(message)
  })
})

it('keys list tells the key in use from the one that waits and those that are kept', () => {
  const key = 'k'.repeat(43)
  const secretKeys = [
    { kid: 'expired', key, useFrom: 0, expiresAt: 900 },
    { kid: 'old', key, useFrom: 100, expiresAt: 2000 },
    { kid: 'used', key, useFrom: 500, expiresAt: 3000 },
    { kid: 'next', key, useFrom: 1300 },
  ]
  const keys = listed({ version: 1, signing: [], sealing: [], refresh: secretKeys }, 1000)
  expect(keys).toEqual([
    { purpose: 'refresh', kid: 'next', state: 'waiting', from: '1970-01-01T00:21:40Z' },
    { purpose: 'refresh', kid: 'used', state: 'in use', from: '1970-01-01T00:08:20Z', until: '1970-01-01T00:50:00Z' },
    { purpose: 'refresh', kid: 'old', state: 'retired', from: '1970-01-01T00:01:40Z', until: '1970-01-01T00:33:20Z' },
  ])
  expect(JSON.stringify(keys)).not.toContain(key)
})
