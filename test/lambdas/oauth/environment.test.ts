import { expect, it } from 'vitest'
import { parseEnvironment } from '../../../lambdas/oauth/environment.ts'

const VARIABLES = {
  ISSUER: 'https://mcp.example.com',
  TABLE_NAME: 'table',
  KEYS_SECRET_ARN: 'arn:keys',
  UPSTREAM_ISSUER: 'https://cognito-idp.eu-central-1.amazonaws.com/pool',
  UPSTREAM_CLIENT_ID: 'client',
  UPSTREAM_IDENTITY_PROVIDER: 'Google',
  CLIENT_ID_METADATA_DOCUMENTS: 'on',
}

it('is read', () => {
  expect(parseEnvironment(VARIABLES)).toMatchObject({
    issuer: 'https://mcp.example.com',
    upstreamClient: { clientId: 'client' },
    identityProvider: 'Google',
    metadataDocuments: true,
  })
  expect(parseEnvironment({ ...VARIABLES, CLIENT_ID_METADATA_DOCUMENTS: 'off' }).metadataDocuments).toBe(false)
  const { UPSTREAM_CLIENT_ID: _, ...direct } = VARIABLES
  expect(
    parseEnvironment({ ...direct, UPSTREAM_SECRET_ARN: 'arn:google', UPSTREAM_SECRET_VERSION: 'v1' }).upstreamClient,
  ).toEqual({ secretArn: 'arn:google', version: 'v1' })
})

it.each([
  ['AS-02: an issuer with a slash', { ISSUER: 'https://mcp.example.com/' }, /ISSUER/],
  ['AS-02: an issuer with a path', { ISSUER: 'https://mcp.example.com/x' }, /ISSUER/],
  ['no table', { TABLE_NAME: undefined }, /TABLE_NAME/],
  ['no keys', { KEYS_SECRET_ARN: '' }, /KEYS_SECRET_ARN/],
  ['AS-10: neither on nor off', { CLIENT_ID_METADATA_DOCUMENTS: 'true' }, /CLIENT_ID_METADATA_DOCUMENTS/],
  ['two ways upstream', { UPSTREAM_SECRET_ARN: 'arn:google' }, /exactly one/],
  ['no way upstream', { UPSTREAM_CLIENT_ID: undefined }, /exactly one/],
])('fails closed: %s', (_case, change, message) => {
  expect(() => parseEnvironment({ ...VARIABLES, ...change })).toThrow(message)
})
