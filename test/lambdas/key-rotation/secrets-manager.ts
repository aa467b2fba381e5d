import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'

interface Version {
  value: string | undefined
  stages: string[]
}

/** One secret behind Secrets Manager's wire protocol, as far as a rotation goes (PLATFORM 18). */
export interface SecretStandIn extends AsyncDisposable {
  readonly endpoint: string
  readonly client: SecretsManagerClient
  readonly versions: Map<string, Version>
  /** The operations called, in order. */
  readonly calls: string[]
  rotationEnabled: boolean
  /** What RotateSecret does first: a version without a value gets the stage AWSPENDING. */
  beginRotation(versionId: string): void
  valueOf(stage: string): string | undefined
}

type Input = Readonly<Record<string, unknown>>
class Fault extends Error {}

export async function startSecret(placeholder: string): Promise<SecretStandIn> {
  const versions = new Map<string, Version>([['version-0', { value: placeholder, stages: ['AWSCURRENT'] }]])
  const calls: string[] = []
  const holder = (stage: string) => [...versions].find(([, { stages }]) => stages.includes(stage))
  const move = (stage: string, to: string) => {
    for (const version of versions.values()) version.stages = version.stages.filter((own) => own !== stage)
    const version = versions.get(to) ?? { value: undefined, stages: [] }
    version.stages.push(stage)
    versions.set(to, version)
  }

  const operations: Readonly<Record<string, (input: Input) => unknown>> = {
    DescribeSecret: () => ({
      RotationEnabled: standIn.rotationEnabled,
      VersionIdsToStages: Object.fromEntries([...versions].map(([id, { stages }]) => [id, stages])),
    }),
    GetSecretValue({ VersionId, VersionStage = 'AWSCURRENT' }) {
      const [id, version] = holder(String(VersionStage)) ?? []
      if (version?.value === undefined || (VersionId !== undefined && VersionId !== id))
        throw new Fault('ResourceNotFoundException')
      return { VersionId: id, SecretString: version.value, VersionStages: version.stages }
    },
    PutSecretValue({ ClientRequestToken, SecretString, VersionStages }) {
      const id = String(ClientRequestToken)
      const existing = versions.get(id)?.value
      if (existing !== undefined && existing !== SecretString) throw new Fault('ResourceExistsException')
      for (const stage of VersionStages as string[]) move(stage, id)
      const version = versions.get(id)
      if (version) version.value = String(SecretString)
      return { VersionId: id }
    },
    UpdateSecretVersionStage({ VersionStage, MoveToVersionId, RemoveFromVersionId }) {
      const [former] = holder(String(VersionStage)) ?? []
      if (former !== RemoveFromVersionId) throw new Fault('InvalidParameterException')
      if (VersionStage === 'AWSCURRENT' && former !== undefined) move('AWSPREVIOUS', former)
      move(String(VersionStage), String(MoveToVersionId))
      const version = versions.get(String(MoveToVersionId))
      if (version) version.stages = version.stages.filter((stage) => stage !== 'AWSPENDING')
      return {}
    },
  }

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '')
    const input: Input = JSON.parse(Buffer.concat(await request.toArray()).toString())
    calls.push(operation)
    try {
      const output = operations[operation]?.(input) ?? {}
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(output))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      response
        .writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: error.message, Message: 'refused' }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new SecretsManagerClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  })

  const standIn: SecretStandIn = {
    endpoint,
    client,
    versions,
    calls,
    rotationEnabled: true,
    beginRotation: (versionId) => move('AWSPENDING', versionId),
    valueOf: (stage) => holder(stage)?.[1].value,
    async [Symbol.asyncDispose]() {
      client.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return standIn
}
