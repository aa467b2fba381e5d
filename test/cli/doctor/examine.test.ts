import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { examine } from '../../../cli/doctor/examine.ts'
import type { Ask } from '../../../cli/doctor/exchange.ts'
import { givenTokens } from '../../../cli/doctor/token-source.ts'
import { answer, ISSUER, RESOURCE, RESOURCE_METADATA, refused } from './healthy-evidence.ts'

const PROJECT_ROOT = join(import.meta.dirname, '..', '..', '..')
const OTHER = `${ISSUER}/other/mcp`

const tokenFor = (audience: string) =>
  new SignJWT({ scope: 'a:read' })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .sign(Buffer.alloc(32, 'key'))

const examined = (ask: Ask, tokens: readonly string[] = []) =>
  examine({ issuer: ISSUER, servers: [{ resource: RESOURCE }, { resource: OTHER }] }, ask, givenTokens(tokens))

it('a token is sent to the server that it is for, and to nobody else', async () => {
  const token = await tokenFor(RESOURCE)
  const askedWith: string[] = []
  await examined(
    async (url, question) => {
      if (JSON.stringify(question ?? {}).includes(token)) askedWith.push(url)
      return url.includes('.well-known') ? answer({ json: RESOURCE_METADATA }) : refused()
    },
    [token],
  )
  expect(new Set(askedWith)).toEqual(new Set([RESOURCE]))
})

it('what is no access token is refused without repeating it', () => {
  expect(() => givenTokens(['marked-secret'])).toThrow(/^--token: found no access token; allowed: (?!.*marked)/)
})

it('a server that is meant to be open is amber, and only its health is said beside', async () => {
  // As a proxy answers: 403 to a page that calls from elsewhere.
  const findings = await examined(async (_url, question) => answer({ status: question?.headers?.Origin ? 403 : 200 }))
  expect(findings.filter(({ subject }) => subject === OTHER)).toEqual([
    expect.objectContaining({ level: 'amber', check: 'public' }),
    expect.objectContaining({ level: 'green', check: 'health' }),
  ])
  const down = { error: { data: { code: 'backend_unreachable' } } }
  const without = await examined(async (url) =>
    url.endsWith('/health') ? answer({ status: 503, json: { status: 'down' } }) : answer({ status: 502, json: down }),
  )
  expect(without.filter(({ subject }) => subject === OTHER).map(({ check, level }) => [check, level])).toEqual([
    ['public', 'amber'],
    ['health', 'red'],
  ])
})

it('a server that answers without a token though its metadata asks for one is red', async () => {
  const findings = await examined(async (url) =>
    url.includes('.well-known') ? answer({ json: RESOURCE_METADATA }) : answer({}),
  )
  const refusal = findings.find(({ subject, check }) => subject === OTHER && check === 'refusal')
  expect(refusal).toMatchObject({ level: 'red', seen: expect.stringContaining('POST without a token: 200') })
})

it('says how many servers were not examined', async () => {
  const findings = await examine(
    { issuer: ISSUER, servers: [{ resource: RESOURCE }], unexamined: 19 },
    async () => refused(),
    givenTokens([]),
  )
  expect(findings.find(({ check }) => check === 'servers')).toMatchObject({
    level: 'amber',
    seen: 'it lists 20 servers, of which 1 were examined',
  })
})

it('names only files that there are', () => {
  const folder = join(PROJECT_ROOT, 'cli', 'doctor')
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  const named = [...new Set(sources.join('\n').match(/(?<![.\w/])(?:lib|lambdas|docs)\/[\w/-]+\.\w+/g))]
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((path) => !existsSync(join(PROJECT_ROOT, path)))).toEqual([])
})
