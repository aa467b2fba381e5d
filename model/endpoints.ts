import { PROTECTED_RESOURCE_METADATA } from './resource-urls.ts'

/** What the authorization server answers, and at which path. Each file below lambdas/oauth/ serves one. */
export const ENDPOINTS = {
  authorizationServerMetadata: '/.well-known/oauth-authorization-server',
  openidConfiguration: '/.well-known/openid-configuration',
  protectedResourceMetadata: PROTECTED_RESOURCE_METADATA,
  jwks: '/.well-known/jwks.json',
  authorize: '/authorize',
  consent: '/consent',
  callback: '/callback',
  token: '/token',
  register: '/register',
  revoke: '/revoke',
  introspect: '/introspect',
  account: '/account',
  servers: '/servers',
  health: '/health',
} as const
