import { AwsV4Signer } from 'aws4fetch'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { signedHeaders } from '../../../lambdas/authorizer/signed-request.ts'

it('is the signature that aws4fetch makes, whatever is signed', async () => {
  const word = fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/)
  await fc.assert(
    fc.asyncProperty(
      word,
      word,
      fc.option(word, { nil: undefined }),
      fc.constantFrom('https://dynamodb.eu-west-1.amazonaws.com', 'http://127.0.0.1:8000', 'https://x.test:443'),
      fc.constantFrom('eu-west-1', 'us-east-1'),
      fc.constantFrom('Query', 'BatchGetItem'),
      fc.json(),
      fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      async (accessKeyId, secretAccessKey, sessionToken, endpoint, region, operation, body, date) => {
        const access = { endpoint, region, tableName: 'factory', accessKeyId, secretAccessKey, sessionToken }
        const headers = signedHeaders(access, operation, body, date.getTime())
        const signed = await new AwsV4Signer({
          method: 'POST',
          url: endpoint,
          headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': headers['x-amz-target'] ?? '' },
          body,
          accessKeyId,
          secretAccessKey,
          ...(sessionToken !== undefined && { sessionToken }),
          region,
          service: 'dynamodb',
          datetime: headers['x-amz-date'] ?? '',
          allHeaders: true,
        }).sign()
        expect(headers.authorization).toBe(signed.headers.get('authorization'))
        expect(headers['x-amz-security-token'] ?? null).toBe(signed.headers.get('x-amz-security-token'))
      },
    ),
    { numRuns: 50 },
  )
})
