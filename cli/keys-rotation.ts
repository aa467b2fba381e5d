import { setTimeout } from 'node:timers/promises'
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { awsFailure } from './aws-failure.ts'
import { CommandFailure } from './command-failure.ts'
import type { KeysSecret } from './keys-secret.ts'

/** Milliseconds between two looks at a rotation under way. */
const PAUSE = 500

/**
 * Rotates the keys, and waits until the new set is the current one.
 * @param token becomes the new version's id
 * @param abandon gives up a rotation that did not end: its set holds keys that are to be removed
 * @param patience seconds to wait for the rotation's end
 * @throws CommandFailure where it did not end; what was current then stays so
 */
export async function rotateKeys(
  { client, id }: KeysSecret,
  token: string,
  { abandon, patience }: { readonly abandon: boolean; readonly patience: number },
): Promise<void> {
  try {
    const stages = await stagesOf()
    const [unfinished] =
      Object.entries(stages).find(([, own]) => own.includes('AWSPENDING') && !own.includes('AWSCURRENT')) ?? []
    // Secrets Manager begins no rotation while the one before it is pending.
    if (abandon && unfinished !== undefined)
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: id,
          VersionStage: 'AWSPENDING',
          RemoveFromVersionId: unfinished,
        }),
      )
    await client.send(new RotateSecretCommand({ SecretId: id, ClientRequestToken: token }))
    // One that was left unfinished is taken up again, and is the one that ends.
    const made = abandon ? token : (unfinished ?? token)
    for (let waited = 0; waited < patience * 1000; waited += PAUSE) {
      if ((await stagesOf())[made]?.includes('AWSCURRENT')) return
      await setTimeout(PAUSE)
    }
  } catch (error) {
    throw awsFailure('The keys were not rotated.', error)
  }
  throw new CommandFailure(
    `The rotation began and has not ended within ${patience} s. The keys stay as they were until it does; ` +
      'Secrets Manager tries again. The log of the rotation function says why.',
  )

  async function stagesOf(): Promise<Readonly<Record<string, readonly string[]>>> {
    return (await client.send(new DescribeSecretCommand({ SecretId: id }))).VersionIdsToStages ?? {}
  }
}
