import { describe, expect, it } from 'vitest'
import { AUDIT_EVENTS } from '../../../lambdas/audit/catalogue.ts'
import type { AuthorizationServer } from '../../../lambdas/oauth/authorization-server.ts'
import { routes } from '../../../lambdas/oauth/routes.ts'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { factoryOfFile } from '../oauth/factory-of-file.ts'
import { codeForm, obtainCode, postToken } from '../oauth/journey.ts'
import { HAPPENINGS, PATHS } from './authorization-server.ts'
import { namesOf, type Recorded, seen } from './recorded.ts'

const { factory, clientId } = await factoryOfFile()

const route = routes({ now: () => 0 } as unknown as AuthorizationServer)
const real = (path: string) => path.replace('<id>', 'c-unknown')
const events = () =>
  factory.logs
    .filter(({ level }) => level === 'audit')
    .map(({ message, fields }): Recorded => ({ ...fields, audit: message }))
const begin = () => {
  factory.logs.length = 0
}

describe('every route', () => {
  it('is in the table of what happens, with every method', () => {
    for (const endpoint of Object.values(ENDPOINTS))
      expect(
        PATHS.some((path) => path === endpoint || path.startsWith(`${endpoint}/`)),
        endpoint,
      ).toBe(true)
    const served = PATHS.flatMap((path) =>
      Object.keys(route(real(path))?.methods ?? {}).map((method) => `${method} ${path}`),
    )
    expect([...new Set(HAPPENINGS.map((one) => one.route))].sort()).toEqual(served.sort())
  })

  it.each(HAPPENINGS)('$route, $what: $events', async ({ events: expected, run }) => {
    begin()
    await run(factory, begin)
    expect(namesOf(events())).toEqual(expected)
  })

  it.each(PATHS)('%s refuses a method that it does not have', async (path) => {
    begin()
    await factory.send({ method: 'PATCH', path: real(path) })
    const refusal = { '/token': 'token.refused', '/callback': 'sign_in.failed' }[path] ?? 'request.refused'
    expect(namesOf(events())).toEqual([refusal])
  })

  it('a path that nothing is served at is no event: anybody can ask for many', async () => {
    begin()
    await factory.send({ path: '/wp-login.php' })
    expect(events()).toEqual([])
  })

  it('together they are every event that the catalogue promises of the authorization server', () => {
    const promised = Object.entries(AUDIT_EVENTS).filter(([, { by }]) => by.startsWith('authorization server'))
    expect([...seen].sort()).toEqual(promised.map(([name]) => name).sort())
  })
})

it('says whose grant a rule ended, and which rule', async () => {
  const code = await obtainCode(factory, { clientId, email: 'zoe@example.com' })
  await factory.put({ pk: 'DENY', sk: 'person#zoe@example.com', kind: 'person', value: 'zoe@example.com' })
  factory.pass(10)
  begin()
  expect((await postToken(factory, codeForm(code))).body.error).toBe('invalid_grant')
  expect(events()).toMatchObject([
    { audit: 'token.refused', email: 'zoe@example.com', client: clientId, server: 'productivity', rule: 'blocked' },
  ])
})
