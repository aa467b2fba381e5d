import { describe, expect, it } from 'vitest'
import {
  destination,
  isRegisteredRedirectUri,
  mayReceiveErrors,
} from '../../../../lambdas/oauth/clients/redirect-uri.ts'
import { redirectUriKind } from '../../../../model/redirect-uri.ts'

describe('AS-05: permitted redirect URIs', () => {
  it.each([
    ['https://claude.ai/api/mcp/auth_callback', 'https'],
    ['https://chatgpt.com/connector/oauth/abc', 'https'],
    ['https://vscode.dev/redirect', 'https'],
    ['http://localhost:8787/callback', 'loopback'],
    ['http://127.0.0.1/', 'loopback'],
    ['http://127.0.0.1', 'loopback'],
    ['http://127.0.0.1:33418/', 'loopback'],
    ['http://[::1]:1234/callback?x=1', 'loopback'],
    ['cursor://anysphere.cursor-mcp/oauth/callback', 'private-use'],
    ['vscode://vscode.github-authentication/did-authenticate', 'private-use'],
    ['com.example.app:/oauth', 'private-use'],
    ['ourapp://callback', 'private-use'],
  ])('CL-01: %s is %s', (uri, kind) => {
    expect(redirectUriKind(uri, ['ourapp'])).toBe(kind)
  })

  it.each([
    'http://evil.test/callback',
    'http://127.0.0.1.evil.test/callback',
    'http://localhost.evil.test/',
    'http://localhost@evil.test/',
    'http://127.0.0.2/callback',
    'http://2130706433/',
    'http://0x7f.1/',
    'https://user:password@evil.test/callback',
    'https://user@evil.test/callback',
    'https://@evil.test/',
    'https:///evil.test',
    'https:evil.test',
    'https://evil.test/callback#fragment',
    'https://evil.test/callback#',
    'https://evil.test\\@good.test/',
    'https://evil.test/a b',
    'https://evil.test/\u0000',
    'https://evil.test/"onmouseover=',
    'HTTP://evil.test/',
    'javascript:alert(1)',
    'data:text/html,hello',
    'ms-msdt:/id',
    'intent://callback',
    'file:///etc/passwd',
    'otherapp://callback',
    'cursor:callback',
    '//evil.test/callback',
    'callback',
    '',
    ...['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response', 'access_token', 'id_token'].map(
      (name) => `https://claude.ai/api/mcp/auth_callback?a=b&${name}=evil`,
    ),
    'https://claude.ai/?c%6fde=evil',
    'https://claude.ai/?state',
    'http://localhost/callback?code=evil',
    'cursor://x/y?state=evil',
    `https://evil.test/${'a'.repeat(600)}`,
  ])('refused: %s', (uri) => {
    expect(redirectUriKind(uri, ['ourapp'])).toBeUndefined()
  })
})

describe('AS-06: registered redirect URIs', () => {
  const registered = [
    'https://claude.ai/api/mcp/auth_callback',
    'http://localhost/callback',
    'http://127.0.0.1/',
    'http://[::1]:99/x?y=1',
    'cursor://anysphere.cursor-mcp/oauth/callback',
  ]

  it.each([
    ['the same string', 'https://claude.ai/api/mcp/auth_callback'],
    ['any port on loopback', 'http://localhost:54321/callback'],
    ['no port on loopback', 'http://localhost/callback'],
    ['a loopback root without a slash', 'http://127.0.0.1:33418'],
    ['another port, same query', 'http://[::1]:1/x?y=1'],
    ['a private-use scheme', 'cursor://anysphere.cursor-mcp/oauth/callback'],
  ])('%s', (_case, uri) => {
    expect(isRegisteredRedirectUri(uri, registered)).toBe(true)
  })

  it.each([
    'https://claude.ai/api/mcp/auth_callback/',
    'https://claude.ai/api/mcp/auth_callback?x=1',
    'https://claude.ai:444/api/mcp/auth_callback',
    'https://CLAUDE.ai/api/mcp/auth_callback',
    'http://claude.ai/api/mcp/auth_callback',
    'http://localhost/callback/more',
    'http://localhost/callback?x=1',
    'http://127.0.0.1/callback',
    'http://[::1]/x',
    'cursor://anysphere.cursor-mcp/oauth/callback?x',
  ])('not %s', (uri) => {
    expect(isRegisteredRedirectUri(uri, registered)).toBe(false)
  })
})

it.each([
  ['http://127.0.0.1:3118/callback', 'a program on your own computer, at port 3118'],
  ['http://localhost/callback', 'a program on your own computer'],
  ['https://claude.ai/api/mcp/auth_callback', 'claude.ai'],
  ['cursor://anysphere.cursor-mcp/oauth/callback', 'the application that opens cursor: links'],
])('where %s goes, in words: %s', (uri, words) => {
  expect(destination(uri)).toBe(words)
})

describe('AS-04: errors are redirected only to loopback and known hosts', () => {
  it.each([
    'http://localhost:1/callback',
    'https://claude.ai/x',
    'https://www.cursor.com/x',
    'https://ours.example.com/',
  ])('%s', (uri) => {
    expect(mayReceiveErrors(uri, ['ours.example.com'])).toBe(true)
  })

  it.each([
    'https://evil.test/',
    'https://claude.ai.evil.test/',
    'https://claude.ai:8443/',
    'cursor://x/y',
    'a.b:/x',
  ])('not %s', (uri) => {
    expect(mayReceiveErrors(uri, ['ours.example.com'])).toBe(false)
  })
})
