import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { broken, chunksOf, fail, ok, open, refusal, STREAM } from './fixtures.ts'
import { type Handler, Streamed, streamed } from './functions.ts'
import { run } from './gateway.ts'
import { httpApi, lambdaProxy } from './stacks.ts'

describe('PLATFORM 5: response streaming', () => {
  it('sends a chunk before the next one is made', async () => {
    const second = Promise.withResolvers<void>()
    const tool = () =>
      streamed(
        { statusCode: 200, headers: { 'Content-Type': 'text/event-stream' }, cookies: ['a=1', 'b=2'] },
        (async function* () {
          yield Buffer.from('data: 1\n\n')
          await second.promise
          yield Buffer.from('data: 2\n\n')
        })(),
      )
    await using api = await run(open(STREAM), 'rest', { tool })
    const response = await fetch(`http://127.0.0.1:${api.port}/v1/mcp`, { method: 'POST' })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    const texts = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await texts?.read())?.value).toBe('data: 1\n\n')
    second.resolve()
    expect((await texts?.read())?.value).toBe('data: 2\n\n')
  })

  it.each(['GET', 'DELETE'])('streams the answer to a %s, which has no body, too', async (method) => {
    const tool: Handler = ({ httpMethod, body }) =>
      streamed(
        { statusCode: 200, headers: { 'Content-Type': 'text/event-stream' } },
        chunksOf(`${httpMethod} `, `${body}`),
      )
    await using api = await run(open(STREAM), 'rest', { tool })
    expect(await api.fetch('/v1/mcp', { method })).toMatchObject({ status: 200, text: `${method} null` })
  })

  it('reads metadata and delimiter in whatever pieces they come', async () => {
    const whole = Buffer.concat([Buffer.from('{"statusCode":202}'), Buffer.alloc(8), Buffer.from('é\0')])
    const tool = () =>
      new Streamed(
        (async function* () {
          for (const byte of whole) yield Buffer.of(byte)
        })(),
      )
    await using api = await run(open(STREAM), 'rest', { tool })
    expect(await api.fetch('/v1/mcp')).toMatchObject({ status: 202, text: 'é\0' })
  })

  it('an empty body needs its one empty write: without metadata the answer is 502', async () => {
    let tool: Handler = () => streamed({ statusCode: 202 }, [Buffer.alloc(0)])
    await using api = await run(open(STREAM), 'rest', { tool: (event) => tool(event) })
    expect(await api.fetch('/v1/mcp')).toMatchObject({ status: 202, text: '' })
    tool = () => new Streamed(chunksOf())
    expect((await api.fetch('/v1/mcp')).status).toBe(502)
  })

  const before: [string, Handler][] = [
    ['returns { statusCode, body }', ok],
    ['throws', () => fail('no')],
    ['breaks before its delimiter', () => new Streamed(broken('{"statusCode":200'))],
    ['begins with more than 16 KB of metadata', () => streamed({ headers: { a: 'x'.repeat(17_000) } }, [])],
    ['sends metadata that is no JSON', () => new Streamed(chunksOf('nonsense\0\0\0\0\0\0\0\0'))],
    ['is of another content type', () => new Streamed(chunksOf('{}\0\0\0\0\0\0\0\0'), 'application/octet-stream')],
  ]
  it.each(before)('a function that %s gives 502', async (_name, tool) => {
    await using api = await run(open(STREAM), 'rest', { tool })
    expect(await api.fetch('/v1/mcp')).toMatchObject({ status: 502, json: { message: 'Internal server error' } })
    expect(api.logged).toContainEqual(expect.objectContaining({ level: 'error', reason: expect.any(String) }))
  })

  it('an error in mid-stream cuts the connection', async () => {
    const tool = () => streamed({ statusCode: 200 }, broken('begun'))
    await using api = await run(open(STREAM), 'rest', { tool })
    const response = await fetch(`http://127.0.0.1:${api.port}/v1/mcp`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  })

  it('a client that leaves does not stop the function', async () => {
    const left = Promise.withResolvers<void>()
    const finished = Promise.withResolvers<number>()
    const tool = () =>
      streamed(
        { statusCode: 200 },
        (async function* () {
          yield Buffer.from('first')
          await left.promise
          let made = 0
          for (; made < 50; made += 1) yield Buffer.alloc(64 * 1024)
          finished.resolve(made)
        })(),
      )
    await using api = await run(open(STREAM), 'rest', { tool })
    const socket = connect(api.port, '127.0.0.1')
    socket.write('POST /v1/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
    await turn()
    left.resolve()
    expect(await finished.promise).toBe(50)
  })

  it('sends more than the 10 MB that are unthrottled', async () => {
    const size = 10 * 1024 * 1024 + 64 * 1024
    const tool = () => streamed({ statusCode: 200 }, [Buffer.alloc(size - 64 * 1024), Buffer.alloc(64 * 1024)])
    await using api = await run(open(STREAM), 'rest', { tool })
    expect((await api.fetch('/v1/mcp')).bytes).toHaveLength(size)
  })

  it('a stream that outlives the integration timeout is cut; one that has not begun is 504', async () => {
    const never = new Promise<never>(() => {})
    let tool: Handler = () =>
      new Streamed(
        (async function* () {
          await never
          yield Buffer.alloc(0)
        })(),
      )
    await using api = await run(open({ ...STREAM, TimeoutInMillis: 60 }), 'rest', {
      tool: (event) => tool(event),
    })
    expect((await api.fetch('/v1/mcp')).status).toBe(504)
    tool = () =>
      streamed(
        { statusCode: 200 },
        (async function* () {
          yield Buffer.from('begun')
          await never
        })(),
      )
    await expect(api.fetch('/v1/mcp')).rejects.toThrow()
  })

  it('is for REST proxy integrations alone, with the streaming URI', () => {
    expect(refusal(open({ ...STREAM, Uri: lambdaProxy('tool').Uri }))).toContain('URI')
    expect(refusal(httpApi({ $default: 'tool' }, { integration: STREAM }))).toContain('ResponseTransferMode')
  })

  it('a buffered integration does not stream: 502, and 500 from an HTTP API', async () => {
    const tool = () => streamed({ statusCode: 200 }, chunksOf('x'))
    await using rest = await run(open(), 'rest', { tool })
    expect((await rest.fetch('/v1/mcp')).status).toBe(502)
    await using http = await run(httpApi({ $default: 'tool' }), 'http', { tool })
    expect(await http.fetch('/')).toMatchObject({ status: 500, json: { message: 'Internal Server Error' } })
  })
})
