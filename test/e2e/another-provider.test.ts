import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { subjectId } from '../../lambdas/tokens/subject-id.ts'
import sampleConfig from '../../local/demo/sample.config.ts'
import { googleSubject, samplePeople } from '../../local/sign-in/sample-people.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { receiveTokens } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage } from '../support/oauth.ts'

const ISSUER = 'https://id.example.com'

/** The sample factory with another provider: `connection` alone is changed. */
let factory: TestFactory
beforeAll(async () => {
  factory = await startTestFactory({
    config: {
      connection: {
        provider: 'oidc',
        via: 'direct',
        issuer: ISSUER,
        asserts: ['example.com', 'partner.test'],
        allowedDomains: ['example.com', 'partner.test'],
        scopes: ['groups'],
      },
    },
  })
})
afterAll(() => factory?.remove())

it('both servers work with another OpenID provider, whose people are others than Google’s', async () => {
  const alice = samplePeople(sampleConfig).find(({ email }) => email === 'alice@example.com')
  const subject = alice ? googleSubject(alice) : ''
  for (const server of Object.values(factory.servers)) {
    const { accessToken } = await receiveTokens(factory.issuer, server)
    expect((await postMessage(server, accessToken, LIST_TOOLS)).status).toBe(200)
    expect(decodeJwt(accessToken).sub).toBe(subjectId(ISSUER, subject))
  }
})

it.each(['mallory@evil.test', 'una@example.com'])('%s is refused by it, too', async (email) => {
  await expect(receiveTokens(factory.issuer, factory.servers.productivity, { email })).rejects.toThrow('no code')
})
