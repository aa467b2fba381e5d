import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface FakeStack {
  readonly status: string
  readonly outputs: Readonly<Record<string, string>>
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'

/** Speaks as much of CloudFormation's query protocol as DescribeStacks of one stack takes. */
export async function startCloudFormation(
  stacks: Readonly<Record<string, FakeStack>>,
  refuse?: { readonly code: string; readonly message: string },
) {
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    const name = form.get('StackName') ?? ''
    const stack = stacks[name]
    const error = refuse ?? { code: 'ValidationError', message: `Stack with id ${name} does not exist` }
    const found = form.get('Action') === 'DescribeStacks' && !refuse && stack
    response
      .writeHead(found ? 200 : refuse ? 403 : 400, { 'content-type': 'text/xml' })
      .end(found ? described(name, found) : refused(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function described(name: string, { status, outputs }: FakeStack): string {
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value.replaceAll('&', '&amp;')}</OutputValue></member>`,
  )
  return `<DescribeStacksResponse xmlns="${NAMESPACE}"><DescribeStacksResult><Stacks><member>
<StackName>${name}</StackName><CreationTime>2026-11-01T00:00:00.000Z</CreationTime><StackStatus>${status}</StackStatus>
<Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
}

function refused({ code, message }: { readonly code: string; readonly message: string }): string {
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code>
<Message>${message}</Message></Error><RequestId>b7c2a5c0</RequestId></ErrorResponse>`
}
