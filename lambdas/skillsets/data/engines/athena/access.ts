import { AthenaClient, type AthenaClientConfig } from '@aws-sdk/client-athena'
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import type { AthenaAccess } from '../../../../../model/skillset-declaration.ts'

/**
 * Athena answers slowly where it plans, and refuses above some 20 requests a second: the SDK's adaptive mode then slows
 * down by itself. What bounds the whole is the statement's own time.
 */
const CLIENT = {
  maxAttempts: 5,
  retryMode: 'adaptive',
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const

/** Seconds: the longest that a role may have which is assumed by a role. */
const SESSION = 3_600

/**
 * A client that acts as the tenant's role and assumes it anew before its credentials end.
 * @param settings region and endpoint; absent: the environment's
 */
export function clientOf({ role }: AthenaAccess, sts: STSClient, settings: AthenaClientConfig = {}): AthenaClient {
  const credentials = async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'data-server', DurationSeconds: SESSION }),
    )
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = Credentials ?? {}
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration && { expiration: Expiration }),
    }
  }
  return new AthenaClient({ ...CLIENT, ...settings, credentials })
}
