import { expect, it } from 'vitest'
import type { FactoryConfig } from '../../model/factory-config.ts'
import { authorizationTemplate, sampleConfig } from './sample-factory.ts'
import { only } from './template-json.ts'

const CONNECTIONS: Readonly<Record<string, FactoryConfig>> = {
  Google: sampleConfig(),
  'another provider': sampleConfig({
    connection: {
      provider: 'oidc',
      via: 'cognito',
      issuer: 'https://login.example.com',
      asserts: ['example.com'],
      allowedDomains: ['example.com'],
      secretVersion: 'version-1',
    },
  }),
}

/**
 * The client is public and must be able to write `custom:hd`, or federation fails. Whoever held an access token with
 * Cognito's own scope could write it, too, and so choose the domain that they are admitted by.
 */
it.each(Object.entries(CONNECTIONS))('Cognito is no second door: %s', (_provider, config) => {
  const template = authorizationTemplate({ config })
  const client = only(template, 'AWS::Cognito::UserPoolClient').Properties
  expect(client.AllowedOAuthScopes, 'without aws.cognito.signin.user.admin').toEqual(['openid', 'email', 'profile'])
  // No password, SRP, custom or choice-based flow: their access tokens have that scope always. Absent means several.
  expect(client.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH'])
  expect(client.AllowedOAuthFlows, 'no token in a URL, none without a person').toEqual(['code'])
  expect(client.SupportedIdentityProviders).not.toContain('COGNITO')
  const pool = only(template, 'AWS::Cognito::UserPool').Properties
  expect(pool.AdminCreateUserConfig).toEqual({ AllowAdminCreateUserOnly: true })
  expect(pool.LambdaConfig, 'no trigger that answers a challenge or changes attributes').toBeUndefined()
  const kinds = Object.values(template.Resources).map(({ Type }) => Type)
  expect(kinds.filter((type) => type.startsWith('AWS::Cognito::')).toSorted()).toEqual([
    'AWS::Cognito::UserPool',
    'AWS::Cognito::UserPoolClient',
    'AWS::Cognito::UserPoolDomain',
    'AWS::Cognito::UserPoolIdentityProvider',
  ])
  expect(JSON.stringify(template), 'nobody may act on the pool').not.toContain('cognito-idp:')
})
