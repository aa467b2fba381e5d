import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'

/** What the registrar answered CloudFormation. */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED'
  readonly Reason?: string
  readonly PhysicalResourceId: string
  readonly StackId: string
  readonly RequestId: string
  readonly LogicalResourceId: string
}

/** CloudFormation's end of a custom resource: a ResponseURL that keeps what is put there. */
export async function startResponseUrl(statuses: readonly number[] = []) {
  const puts: { method: string | undefined; contentType: string | undefined; answer: Answer }[] = []
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString()
    puts.push({ method: request.method, contentType: request.headers['content-type'], answer: JSON.parse(text) })
    response.writeHead(statuses[puts.length - 1] ?? 200, { location: '/elsewhere' }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signature=a-presigned-secret`,
    puts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const AUTHORIZATION_STACK = 'prod-mcp-authorization'

export function stackId(name: string): string {
  return `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/7c5f5c40-0000-11ee-be56-0242ac120002`
}

export const POLICY: PolicyDocument = {
  organisation: 'Example',
  connection: { provider: 'google', via: 'cognito', issuer: 'https://accounts.google.com' },
  access: { domains: ['example.com'] },
  tenants: { 'example.com': 'example' },
  lifetimes: { accessToken: 600, refreshIdle: 1_209_600, refreshAbsolute: 5_184_000, browserSession: 28_800 },
  redirects: { schemes: [], hosts: [] },
}

export function serverDocument(name: string, changes: Partial<ServerDocument> = {}): ServerDocument {
  return {
    name,
    title: name,
    resource: `https://mcp.example.com/${name}/mcp`,
    scopes: [{ name: `${name}:read`, level: 'everyday', abilities: ['Read'] }],
    abilities: { read: `${name}:read` },
    access: {},
    ...changes,
  }
}
