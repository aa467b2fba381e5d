import { describe, expect, it } from 'vitest'
import { cognitoPerson, DEVOPS, ISSUER, POLICY } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import { type Answer, LOOPBACK, location, obtainTokens, signIn } from './journey.ts'

const { factory, clientId } = await factoryOfFile()

function expectRefused(answer: Answer, rule: string, words: RegExp): void {
  expect(answer.statusCode).toBe(403)
  expect(answer.body).toMatch(words)
  expect(answer.body).toMatch(/Request request-\d+/)
  expect(answer.body).toContain(`href="${LOOPBACK}?error=access_denied&amp;`)
  expect(answer.cookies).toBeUndefined()
  const line = factory.logs.findLast(({ message }) => message === 'sign_in.refused')
  expect(line?.fields).toMatchObject({ rule, requestId: expect.any(String), detail: expect.any(String) })
}

describe('AS-22: sign-in only ever narrows', () => {
  it('a privileged scope is granted to who may hold it, and only if it was ticked', async () => {
    const bob = { clientId, email: 'bob@example.com', resource: DEVOPS.resource, scope: 'health:read deploy:run' }
    expect((await obtainTokens(factory, { ...bob, tick: 'deploy:run' })).scope).toBe('health:read deploy:run')
    expect((await obtainTokens(factory, bob)).scope).toBe('health:read')
    expect((await obtainTokens(factory, { ...bob, email: 'alice@example.com', tick: 'deploy:run' })).scope).toBe(
      'health:read',
    )
  })

  it('where nothing is left, nothing is granted', async () => {
    const only = {
      ...DEVOPS,
      name: 'only',
      resource: `${ISSUER}/only/mcp`,
      scopes: DEVOPS.scopes.slice(1).map((scope) => ({ ...scope, name: 'only:run' })),
    }
    await factory.write({ servers: [only] })
    expectRefused(
      await signIn(
        factory,
        { client_id: clientId, resource: only.resource },
        cognitoPerson('alice@example.com'),
        'only:run',
      ),
      'server scopes',
      /may not use this server/,
    )
  })
})

describe('who is refused', () => {
  it.each([
    [
      'an address that is not verified',
      cognitoPerson('una@example.com', { email_verified: false }),
      'email_verified',
      /not verified the address una@example\.com/,
    ],
    [
      'a consumer account on a company address',
      cognitoPerson('carl@example.com', { 'custom:hd': undefined }),
      'domain_authority',
      /not an account that example\.com manages/,
    ],
    [
      'an account of another organisation on our address',
      cognitoPerson('carl@example.com', { 'custom:hd': 'evil.test' }),
      'domain_authority',
      /not an account that example\.com manages/,
    ],
    ['an outsider', cognitoPerson('mallory@evil.test'), 'tenant', /evil\.test are not admitted/],
    [
      'an allowed domain that maps to no tenant',
      cognitoPerson('udo@unmapped.test'),
      'tenant',
      /unmapped\.test are not admitted/,
    ],
    ['an address that is none', cognitoPerson('a@b@example.com'), 'email', /no usable email address/],
    ['an address that folds to another’s', cognitoPerson('mar\u212a@example.com'), 'email', /no usable email address/],
    ['an address with a line break', cognitoPerson('bob\n@example.com'), 'email', /no usable email address/],
    ['an address with a space', cognitoPerson('bob @example.com'), 'email', /no usable email address/],
    ['an address written backwards', cognitoPerson('\u202ebob@example.com'), 'email', /no usable email address/],
    [
      'a user of the pool itself',
      cognitoPerson('alice@example.com', { identities: undefined }),
      'identity',
      /not admitted/,
    ],
    [
      'an access token in the place of an ID token',
      cognitoPerson('alice@example.com', { token_use: 'access' }),
      'identity',
      /not admitted/,
    ],
  ])('%s', async (_case, person, rule, words) => {
    expectRefused(await signIn(factory, { client_id: clientId }, person), rule, words)
  })

  it('whom the organisation blocks, or a rule on a claim refuses', async () => {
    await factory.write({ policy: { ...POLICY, access: { ...POLICY.access, blocked: ['Alice@Example.com'] } } })
    expectRefused(
      await signIn(factory, { client_id: clientId }, cognitoPerson('alice@example.com')),
      'blocked',
      /blocked by an administrator/,
    )
    const claims = [{ claim: 'name', matches: 'a.*' }]
    await factory.write({ policy: { ...POLICY, access: { ...POLICY.access, claims } } })
    expectRefused(
      await signIn(factory, { client_id: clientId }, cognitoPerson('bob@example.com')),
      'claims',
      /requirement/,
    )
    expect(
      location(await signIn(factory, { client_id: clientId }, cognitoPerson('alice@example.com'))).searchParams.has(
        'code',
      ),
    ).toBe(true)
    await factory.write({ policy: POLICY })
  })

  it('whom an administrator denied', async () => {
    const entry = { pk: 'DENY', sk: 'person#alice@example.com', kind: 'person', value: 'alice@example.com' }
    await factory.put({ ...entry, before: factory.now() + 1000, expiresAt: factory.now() + 2000 })
    factory.pass(10)
    expectRefused(
      await signIn(factory, { client_id: clientId }, cognitoPerson('alice@example.com')),
      'blocked',
      /blocked/,
    )
    await factory.put({ ...entry, before: factory.now() - 100, expiresAt: factory.now() + 2000 })
    factory.pass(10)
    expect(
      location(await signIn(factory, { client_id: clientId }, cognitoPerson('alice@example.com'))).searchParams.has(
        'code',
      ),
    ).toBe(true)
  })

  it('whom the server’s own rules do not admit', async () => {
    expectRefused(
      await signIn(factory, { client_id: clientId, resource: DEVOPS.resource }, cognitoPerson('tom@partner.test')),
      'server tenants',
      /tom@partner\.test may not use this server/,
    )
  })

  it('the page says nothing of the rule’s details, the log everything', async () => {
    const answer = await signIn(factory, { client_id: clientId }, cognitoPerson('mallory@evil.test'))
    expect(answer.body).not.toContain('partner.test')
  })

  it('markup in what the provider says is text', async () => {
    const answer = await signIn(factory, { client_id: clientId }, cognitoPerson('<script>alert(1)</script>@evil.test'))
    expect(answer.body).not.toContain('<script')
  })
})
