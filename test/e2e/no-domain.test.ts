import { afterAll, beforeAll, describe } from 'vitest'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { describeRealBrowser } from './real-browser.ts'
import { describeWholePath } from './whole-path.ts'

describe('an origin and a stage path for each API, as at execute-api', () => {
  let factory: TestFactory
  beforeAll(async () => {
    factory = await startTestFactory({ domain: false })
  })
  afterAll(() => factory?.remove())

  describeWholePath(() => factory)
  describeRealBrowser(() => factory)
})
