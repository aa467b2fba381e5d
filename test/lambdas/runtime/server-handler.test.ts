import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { serverHandler } from '../../../lambdas/runtime/server-handler.ts'
import { invoke, textOf } from './support/aws-lambda.ts'
import { proxyEvent } from './support/gateway-event.ts'
import { keptLog } from './support/sample-skillset.ts'

const answering = (body: string | Readable) =>
  serverHandler({
    ...keptLog(),
    serverName: 'sample',
    allowedOrigins: [],
    isUp: async () => true,
    respond: async ({ headers }) => ({ statusCode: 200, headers, body }),
  })

it('a long text arrives as it is, wherever a character of two units lies in it', async () => {
  const text = `.${'😀'.repeat(50_000)}`
  expect(await textOf(await invoke(answering(text), proxyEvent({ authorizer: undefined })))).toBe(text)
})

it('the head of a stream leaves before its first chunk', async () => {
  const stream = new Readable({ read() {} })
  const response = await invoke(answering(stream), proxyEvent({ authorizer: undefined }))
  expect(response.statusCode).toBe(200)
  stream.push('later')
  stream.push(null)
  expect(await textOf(response)).toBe('later')
})

it('a text that is empty is a response all the same', async () => {
  expect(await textOf(await invoke(answering(''), proxyEvent({ authorizer: undefined })))).toBe('')
})

it('a stream that breaks breaks the response', async () => {
  const stream = new Readable({ read() {} })
  const response = await invoke(answering(stream), proxyEvent({ authorizer: undefined }))
  stream.destroy(new Error('broken'))
  await expect(textOf(response)).rejects.toThrow('broken')
})
