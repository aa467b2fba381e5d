import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertedMetadataUrl } from '../../model/resource-urls.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { send } from '../support/oauth.ts'
import { describeRealBrowser } from './real-browser.ts'
import { describeWholePath } from './whole-path.ts'

describe('one origin, as with a custom domain', () => {
  let factory: TestFactory
  beforeAll(async () => {
    factory = await startTestFactory()
  })
  afterAll(() => factory?.remove())

  it('CL-02: the metadata is also at the root, where clients look that saw no challenge', async () => {
    for (const resource of Object.values(factory.servers)) {
      const { json } = await send(insertedMetadataUrl(resource))
      expect(json).toMatchObject({ resource, authorization_servers: [factory.issuer] })
    }
  })

  describeWholePath(() => factory)
  describeRealBrowser(() => factory)
})
