import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { subjectId } from '../../lambdas/tokens/subject-id.ts'
import sampleConfig from '../../local/demo/sample.config.ts'
import { googleSubject, samplePeople } from '../../local/sign-in/sample-people.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { receiveTokens } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage } from '../support/oauth.ts'

/** Without Cognito: the authorization server is itself the confidential client of Google. */
let factory: TestFactory
beforeAll(async () => {
  factory = await startTestFactory({ config: { connection: { via: 'direct' } } })
})
afterAll(() => factory?.remove())

it('a person signs in without Cognito and is the same person as behind it', async () => {
  const { productivity } = factory.servers
  const { accessToken } = await receiveTokens(factory.issuer, productivity)
  expect((await postMessage(productivity, accessToken, LIST_TOOLS)).status).toBe(200)
  const alice = samplePeople(sampleConfig).find(({ email }) => email === 'alice@example.com')
  expect(alice).toBeDefined()
  const subject = alice && subjectId('https://accounts.google.com', googleSubject(alice))
  expect(decodeJwt(accessToken).sub).toBe(subject)
})

it.each(['mallory@evil.test', 'carl@example.com', 'una@example.com'])('%s is refused here, too', async (email) => {
  await expect(receiveTokens(factory.issuer, factory.servers.productivity, { email })).rejects.toThrow('no code')
})
