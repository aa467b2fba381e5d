import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'aws-cdk-lib'
import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import { afterEach, describe, expect, it } from 'vitest'
import { DOMAIN, ONE_ORIGIN, sampleConfig, sampleFactory } from './sample-factory.ts'

/** What CDK's strict validation says of an app (PLATFORM 20). A finding sets the exit code of the process. */
function findings(app: App): unknown[] {
  const { directory } = app.synth()
  const file = join(directory, 'validation-report.json')
  if (!existsSync(file)) throw new Error('nothing was validated')
  return JSON.parse(readFileSync(file, 'utf8')).pluginReports
}

describe('strict validation', () => {
  afterEach(() => {
    process.exitCode = 0
  })

  it.each([
    ['without a domain', {}],
    ['with a domain', { config: sampleConfig({ domain: DOMAIN }) }],
    ['on one machine', { context: ONE_ORIGIN }],
  ])('finds nothing %s', (_, options) => {
    expect(findings(sampleFactory({ ...options, validate: true }).app)).toEqual([])
    expect(process.exitCode ?? 0).toBe(0)
  })

  it('a missing secretVersion warns and does not stop synth', () => {
    const config = sampleConfig({ connection: { provider: 'google', allowedDomains: ['example.com'] } })
    sampleFactory({ config, validate: true }).app.synth()
    expect(process.exitCode ?? 0).toBe(0)
  })

  it('stops synth at a planted fault, so it is on', () => {
    const { app, authorization } = sampleFactory({ validate: true })
    const functions = authorization.node.findAll().filter((construct) => construct instanceof CfnFunction)
    functions[0]?.addPropertyOverride('MemorySize', 'plenty')
    expect(() => app.synth()).toThrow(/MemorySize: 'plenty' is not of type 'integer'/)
  })
})
