import { AWS_CLIENT } from '../store/aws-client.ts'

/**
 * A secret's value, or undefined where it was never set.
 * @param name for the error
 * @throws Error where Secrets Manager does not answer or does not allow it
 */
export async function fetchSecret(name: string, arn: string): Promise<string | undefined> {
  const { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } = await import(
    '@aws-sdk/client-secrets-manager'
  )
  try {
    return (await new SecretsManagerClient(AWS_CLIENT).send(new GetSecretValueCommand({ SecretId: arn }))).SecretString
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw new Error(`secret ${name} cannot be read`, { cause: error })
  }
}
