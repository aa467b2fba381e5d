import * as z from 'zod'
import { type AwsCall, type Callers, serveAws } from './aws-endpoint.ts'
import { AwsError } from './aws-error.ts'
import { ignored, parsedResources } from './resource-properties.ts'
import { secretArn } from './resource-types.ts'
import { rotationLambda } from './rotation.ts'
import { newVersionId, randomPassword, readVersion, type Secret, type SecretStore } from './secret-store.ts'
import type { Stack } from './stack.ts'

const secretProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  GenerateSecretString: z
    .strictObject({ PasswordLength: z.int().default(32), ExcludePunctuation: z.boolean().default(false) })
    .prefault({}),
  Tags: ignored,
})

/** The templates' secrets that are not there yet, with the random value they ask for. */
export function createSecrets(stacks: readonly Stack[], store: SecretStore): void {
  for (const { resource, properties } of parsedResources(stacks, 'AWS::SecretsManager::Secret', secretProperties)) {
    const { GenerateSecretString, Description } = properties
    const name = resource.physicalId.replace(/^arn:.*:secret:/, '').slice(0, -7)
    if (store.find(name) === undefined)
      store.create(name, newVersionId(), randomPassword(GenerateSecretString), Date.now(), Description)
  }
}

/** What the operations take; a parameter that is not here is refused rather than ignored. */
const INPUTS = {
  GetSecretValue: { SecretId: z.string(), VersionId: z.string().optional(), VersionStage: z.string().optional() },
  DescribeSecret: { SecretId: z.string() },
  PutSecretValue: {
    SecretId: z.string(),
    ClientRequestToken: z.string().optional(),
    SecretString: z.string(),
    VersionStages: z.array(z.string()).default(['AWSCURRENT']),
    RotationToken: z.string().optional(),
  },
  UpdateSecretVersionStage: {
    SecretId: z.string(),
    VersionStage: z.string(),
    MoveToVersionId: z.string().optional(),
    RemoveFromVersionId: z.string().optional(),
  },
  CreateSecret: {
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
    ClientRequestToken: z.string().optional(),
    SecretString: z.string(),
    Description: z.string().optional(),
    Tags: ignored,
  },
  RotateSecret: { SecretId: z.string(), ClientRequestToken: z.string().optional() },
} as const

/**
 * Secrets Manager by its wire protocol: the unchanged SDK speaks to it; signatures and roles are checked.
 * @param rotate starts the rotation of a secret to a version
 */
export function startSecretsManager(
  stacks: readonly Stack[],
  store: SecretStore,
  callers: Callers,
  rotate: (secret: Secret, versionId: string) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  return serveAws('secretsmanager', callers, async (call) => {
    const answer = operate(call)
    return { status: 200, body: JSON.stringify(answer), headers: { 'content-type': 'application/x-amz-json-1.1' } }
  })

  function operate(call: AwsCall): object {
    switch (call.operation) {
      case 'GetSecretValue': {
        const { SecretId, VersionId, VersionStage } = input(call, INPUTS.GetSecretValue)
        const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined)
        const secret = authorized(call, SecretId, stage)
        const version = readVersion(secret, VersionId, VersionStage)
        return {
          ...named(secret, version.id),
          SecretString: version.value,
          VersionStages: version.stages,
          CreatedDate: version.createdAt,
        }
      }
      case 'DescribeSecret': {
        const secret = authorized(call, input(call, INPUTS.DescribeSecret).SecretId)
        const staged = secret.versions.filter(({ stages }) => stages.length > 0)
        return {
          ...named(secret),
          Description: secret.description,
          RotationEnabled: rotationLambda(stacks, secret) !== undefined,
          RotationLambdaARN: rotationLambda(stacks, secret),
          LastRotatedDate: secret.rotatedAt,
          VersionIdsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, stages])),
        }
      }
      case 'PutSecretValue': {
        const {
          SecretId,
          ClientRequestToken = newVersionId(),
          SecretString,
          VersionStages,
        } = input(call, INPUTS.PutSecretValue)
        const secret = authorized(call, SecretId)
        const version = store.put(secret, ClientRequestToken, SecretString, VersionStages, Date.now())
        return { ...named(secret, version.id), VersionStages: version.stages }
      }
      case 'UpdateSecretVersionStage': {
        const { SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId } = input(
          call,
          INPUTS.UpdateSecretVersionStage,
        )
        const secret = authorized(call, SecretId, VersionStage)
        store.moveStage(secret, VersionStage, MoveToVersionId, RemoveFromVersionId)
        return named(secret)
      }
      case 'CreateSecret': {
        const {
          Name,
          ClientRequestToken = newVersionId(),
          SecretString,
          Description,
        } = input(call, INPUTS.CreateSecret)
        call.authorize(secretArn(Name))
        return named(store.create(Name, ClientRequestToken, SecretString, Date.now(), Description), ClientRequestToken)
      }
      case 'RotateSecret': {
        const { SecretId, ClientRequestToken = newVersionId() } = input(call, INPUTS.RotateSecret)
        const secret = authorized(call, SecretId)
        if (rotationLambda(stacks, secret) === undefined)
          throw new AwsError('InvalidRequestException', 'The secret has no rotation function.')
        // As in the cloud, the answer does not wait for the rotation.
        rotate(secret, ClientRequestToken)
        return named(secret, ClientRequestToken)
      }
      default:
        throw new AwsError('UnknownOperationException', `${call.operation} is not supported on one machine`)
    }
  }

  /** A secret that is not there is refused like one that is: names are not told to whoever may not read them. */
  function authorized(call: AwsCall, id: string, stage?: string): Secret {
    const secret = store.find(id)
    const lambda = secret && rotationLambda(stacks, secret)
    call.authorize(secret?.arn ?? (id.startsWith('arn:') ? id : secretArn(id)), {
      ...(stage !== undefined && { 'secretsmanager:VersionStage': [stage] }),
      ...(lambda !== undefined && { 'secretsmanager:resource/AllowRotationLambdaArn': [lambda] }),
    })
    return store.get(id)
  }
}

function input<Shape extends z.core.$ZodShape>(call: AwsCall, shape: Shape): z.output<z.ZodObject<Shape>> {
  const parsed = z.strictObject(shape).safeParse(call.input)
  if (parsed.success) return parsed.data
  throw new AwsError('ValidationException', z.prettifyError(parsed.error))
}

function named({ arn, name }: Secret, versionId?: string): object {
  return { ARN: arn, Name: name, ...(versionId !== undefined && { VersionId: versionId }) }
}
