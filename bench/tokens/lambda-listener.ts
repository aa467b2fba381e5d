import type { IncomingMessage, RequestListener } from 'node:http'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import type { OAuthHandler } from '../../lambdas/oauth/create-handler.ts'

/** A Lambda handler for an HTTP API behind node:http, without an API Gateway in between. */
export function lambdaListener(handler: OAuthHandler): RequestListener {
  return async (request, response) => {
    const body = await readBody(request)
    const answer = await handler(httpEvent(request, body), {} as Context)
    const content = answer.body ?? ''
    const headers = { ...answer.headers, 'content-length': Buffer.byteLength(content) }
    // As text it leaves with the header in one write, as it does from oidc-provider.
    response.writeHead(answer.statusCode ?? 200, headers as Headers).end(content)
  }
}

type Headers = Record<string, string | number>

export function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

let requests = 0

/** The event in format 2.0; forms arrive in base64 (PLATFORM 8). */
function httpEvent({ method = '', url = '', headers }: IncomingMessage, body: Buffer): APIGatewayProxyEventV2 {
  const [path = '', rawQueryString = ''] = url.split('?')
  const routeKey = path === '/register' ? `${method} ${path}` : '$default'
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    headers: headers as Record<string, string>,
    requestContext: {
      accountId: '1',
      apiId: 'api',
      domainName: 'mcp.example.com',
      domainPrefix: 'mcp',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.1', userAgent: '' },
      requestId: `request-${++requests}`,
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    body: body.toString('base64'),
    isBase64Encoded: true,
  }
}
