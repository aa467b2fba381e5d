import { describe, expect, it } from 'vitest'
import { serverDocument } from './cloudformation.ts'
import { startRegistrar } from './registrar.ts'

describe('the answer', () => {
  it('is one PUT without a content type, which the presigned URL does not cover', async () => {
    await using factory = await startRegistrar()
    await factory.create(serverDocument('devops'))
    expect(factory.cloudFormation.puts).toMatchObject([{ method: 'PUT', contentType: undefined }])
  })

  it('is tried again until it arrives', async () => {
    await using factory = await startRegistrar([503, 500])
    expect((await factory.create(serverDocument('devops'))).Status).toBe('SUCCESS')
    expect(factory.cloudFormation.puts).toHaveLength(3)
  })

  it('that does not arrive fails the invocation, so that Lambda tries the event again', async () => {
    await using factory = await startRegistrar([500, 500, 500])
    await expect(factory.create(serverDocument('devops'))).rejects.toThrow(/^the answer did not arrive: status 500$/)
    expect((await factory.create(serverDocument('devops'))).Status).toBe('SUCCESS')
  })

  it('follows no redirect: it goes to whom CloudFormation named alone', async () => {
    await using factory = await startRegistrar([307, 307, 307])
    await expect(factory.create(serverDocument('devops'))).rejects.toThrow(/^the answer did not arrive: TypeError$/)
    expect(factory.cloudFormation.puts).toHaveLength(3)
  })

  it.each([
    'http://example.com/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'http://127.0.0.1.evil.test/',
    'x',
    '',
  ])('goes nowhere when the URL is %j', async (ResponseURL) => {
    await using factory = await startRegistrar()
    await expect(
      factory.ask({
        RequestType: 'Create',
        ResponseURL,
        ResourceProperties: { Registration: JSON.stringify(serverDocument('devops')) },
      }),
    ).rejects.toThrow('neither https nor this machine')
  })

  it('and the log never have the presigned URL', async () => {
    await using factory = await startRegistrar([500, 500, 500])
    await factory.create(serverDocument('devops')).catch((error) => factory.logged.push(String(error)))
    await factory.create(serverDocument('devops'))
    expect(JSON.stringify(factory.logged)).not.toContain('a-presigned-secret')
  })

  it('is refused to an event without a URL', async () => {
    await using factory = await startRegistrar()
    await expect(factory.handler({})).rejects.toThrow()
  })
})
