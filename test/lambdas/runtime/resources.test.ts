import { describe, expect, it } from 'vitest'
import { admitted } from './support/gateway-event.ts'
import { libraryServer } from './support/library-skillset.ts'
import { handshakeRequest, send, statelessRequest } from './support/mcp-message.ts'

const { handler, seen, log } = libraryServer()
const alice = admitted('alice', 'books:read')
const nobody = admitted('nobody', '', { ceiling: 'books:read' })
const auditor = admitted('auditor', 'books:read books:audit')
const trainee = admitted('trainee', 'books:read', { ceiling: 'books:read books:audit' })

it.each(['resources/subscribe', 'resources/unsubscribe'])('%s promises nothing to clients of 2025', async (method) => {
  const ask = async (uri: string) => (await send(handler, handshakeRequest(method, { uri }), alice)).messages[0]
  expect((await ask('library://motto')).result).toEqual({})
  expect((await ask('library://none')).error).toMatchObject({ code: -32602, data: { uri: 'library://none' } })
  const { statusCode } = await send(handler, statelessRequest(method, { uri: 'library://motto' }), alice)
  expect(statusCode).toBe(404)
})

describe.each([
  ['2025-11-25', handshakeRequest],
  ['2026-07-28', statelessRequest],
] as const)('resources in %s', (version, request) => {
  const ask = async (method: string, person: typeof alice, params = {}) =>
    (await send(handler, request(method, params), person)).messages[0]
  const read = (uri: string, person = alice) => ask('resources/read', person, { uri })

  it('are listed with what clients show of them', async () => {
    const { resources, ttlMs, cacheScope } = (await ask('resources/list', alice)).result
    expect(resources[0]).toEqual({
      uri: 'library://motto',
      name: 'The motto',
      title: 'The motto',
      description: 'For tests.',
      mimeType: 'text/plain',
      size: 9,
      annotations: { audience: ['user'], priority: 0.5 },
      icons: [{ src: 'https://library.example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'] }],
    })
    if (version === '2026-07-28') expect({ ttlMs, cacheScope }).toEqual({ ttlMs: 60_000, cacheScope: 'private' })
  })

  it('are listed by what the person may ever read, not by what the token holds', async () => {
    const uris = async (person: typeof alice) => {
      const { resources } = (await ask('resources/list', person)).result
      const { resourceTemplates } = (await ask('resources/templates/list', person)).result
      return [
        ...resources.map(({ uri }: { uri: string }) => uri),
        ...resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate),
      ]
    }
    const open = ['library://motto', 'library://stamp', 'library://broken', 'library://endless', BOOKS]
    expect(await uris(alice)).toEqual(open)
    expect(await uris(nobody)).toEqual(open)
    const closed = ['library://ledger', 'library://audits/{year}']
    for (const person of [auditor, trainee])
      expect(await uris(person)).toEqual(expect.arrayContaining([...open, ...closed]))
    expect(await uris(admitted('eve', '', { ceiling: '' }))).toEqual([])
  })

  it('give text, and bytes as base64', async () => {
    expect((await read('library://motto')).result.contents).toEqual([
      { uri: 'library://motto', mimeType: 'text/plain', text: 'Hello, alice' },
    ])
    expect((await read('library://stamp')).result.contents).toEqual([
      { uri: 'library://stamp', mimeType: 'application/octet-stream', blob: 'AP+A' },
    ])
  })

  it('of a template get its variables decoded and checked', async () => {
    seen.length = 0
    expect((await read('library://books/A%2FB%20%C3%A9/7')).result.contents).toEqual([
      { uri: 'library://books/A%2FB%20%C3%A9/7', mimeType: 'text/plain', text: 'A/B é 7' },
    ])
    expect(seen.at(-1)).toEqual({ shelf: 'A/B é', number: '7' })
    expect((await read('library://books/A/seven')).error).toMatchObject({
      code: -32602,
      message: expect.stringMatching(/^number: /),
      data: { code: 'invalid_arguments', requestId: 'request-1' },
    })
  })

  it.each([
    'library://none',
    'LIBRARY://motto',
    'library://motto/',
    'library://motto?x',
    'library://books/A/1/2',
    'library://books/%E0%A4%A/1',
    'file:///etc/passwd',
    '__proto__',
    '',
  ])('SEP-2164: %j is not found', async (uri) => {
    expect((await read(uri)).error).toMatchObject({
      code: -32602,
      message: 'Resource not found',
      data: { uri, code: 'resource_not_found', requestId: 'request-1' },
    })
  })

  it('are not looked for by URIs longer than any', async () => {
    const { error } = await read(`library://books/${'a'.repeat(2_100)}/1`)
    expect(error.data.code).toBe('resource_not_found')
  })

  it('that the person may never read are answered like what does not exist', async () => {
    for (const uri of ['library://ledger', 'library://audits/2026']) {
      const { error } = await read(uri)
      expect(error).toMatchObject({ message: 'Resource not found', data: { uri, code: 'resource_not_found' } })
    }
  })

  it('whose scope the token lacks are refused with what to do', async () => {
    for (const uri of ['library://ledger', 'library://audits/2026']) {
      const { error, result } = await read(uri, trainee)
      expect(result).toBeUndefined()
      expect(error).toMatchObject({
        code: -32600,
        data: {
          code: 'insufficient_scope',
          scope: 'books:read books:audit',
          hint: expect.stringMatching(/connect it again/),
          requestId: 'request-1',
        },
      })
    }
    seen.length = 0
    expect((await read('library://motto', nobody)).error.data).toMatchObject({ code: 'insufficient_scope' })
    expect(seen).toEqual([])
    expect((await read('library://ledger', auditor)).result.contents[0].text).toBe('who borrowed what')
  })

  it('refuse by their own code, and show nothing of what went wrong inside', async () => {
    expect((await read('library://books/A/404')).error).toMatchObject({
      code: -32602,
      message: 'There is no such book.',
      data: { code: 'no_such_book', hint: 'Look at the shelf.', requestId: 'request-1' },
    })
    log.length = 0
    const answer = await send(handler, request('resources/read', { uri: 'library://broken' }), alice)
    expect(answer.messages[0].error).toMatchObject({ code: -32603, data: { code: 'internal_error' } })
    expect(answer.text).not.toMatch(/marked-secret|\.ts/)
    expect(log.join()).toContain('marked-secret')
  })

  it('over the limit are refused with advice instead of being cut', async () => {
    const { error } = await read('library://endless')
    expect(error.data).toMatchObject({ code: 'result_too_large', hint: expect.stringMatching(/narrower|smaller/) })
  })

  it('are logged with request, person, name and outcome', async () => {
    log.length = 0
    await read('library://motto')
    expect(log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        audit: 'resource.read',
        requestId: 'request-1',
        sub: 'sub-of-alice',
        name: 'library://motto',
        outcome: 'ok',
        durationMs: expect.any(Number),
      }),
    )
  })
})

const BOOKS = 'library://books/{shelf}/{number}'
