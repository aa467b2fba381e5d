import { createHmac, hash } from './crypto.ts'
import type { TableAccess } from './environment.ts'

/**
 * The headers of one signed call of DynamoDB's JSON protocol (AWS Signature Version 4). Every call is a POST to the
 * root of the endpoint without a query, so this is the signature's plainest case; a signing library would be a sixth of
 * the gate's bundle. aws4fetch is the oracle in the tests.
 * @param operation such as `Query`
 * @param now milliseconds since the epoch
 */
export function signedHeaders(
  access: TableAccess,
  operation: string,
  body: string,
  now: number,
): Readonly<Record<string, string>> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const date = time.slice(0, 8)
  const headers: Readonly<Record<string, string>> = {
    // In the order of the alphabet, as the canonical request has them.
    'content-type': 'application/x-amz-json-1.0',
    host: new URL(access.endpoint).host,
    'x-amz-date': time,
    ...(access.sessionToken !== undefined && { 'x-amz-security-token': access.sessionToken }),
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonicalRequest = ['POST', '/', '', lines.join(''), names, hash('sha256', body)].join('\n')
  const credentialScope = `${date}/${access.region}/dynamodb/aws4_request`
  const stringToSign = ['AWS4-HMAC-SHA256', time, credentialScope, hash('sha256', canonicalRequest)].join('\n')
  const key = [date, access.region, 'dynamodb', 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${access.secretAccessKey}`,
  )
  const credential = `Credential=${access.accessKeyId}/${credentialScope}`
  const signature = hmac(key, stringToSign).toString('hex')
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
