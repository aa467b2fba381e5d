import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface Call {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Speaks as much of Secrets Manager's wire protocol (AWS JSON 1.1) as storing a secret takes. */
export async function startSecretsManager(refuse?: { readonly type: string; readonly message: string }) {
  const calls: Call[] = []
  const stored = new Map<string, { versionId: string; value: string }>()

  function answer({ operation, input }: Call): [number, unknown] {
    if (refuse) return [400, { __type: refuse.type, message: refuse.message }]
    const name = String(input.Name ?? input.SecretId)
    if (operation === 'PutSecretValue' && !stored.has(name))
      return [400, { __type: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." }]
    if (operation !== 'PutSecretValue' && operation !== 'CreateSecret')
      return [400, { __type: 'InvalidAction', message: operation }]
    const versionId = randomUUID()
    stored.set(name, { versionId, value: String(input.SecretString) })
    return [200, { Name: name, VersionId: versionId }]
  }

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    const call = { operation, input: (await json(request)) as Call['input'] }
    calls.push(call)
    const [status, body] = answer(call)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stored,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
