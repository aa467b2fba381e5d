import { describe, expect, it } from 'vitest'
import { environmentSize, MOST_ENVIRONMENT_BYTES } from '../../lib/environment-size.ts'
import { NO_DOMAIN, sampleConfig, sampleFactory, sampleTemplates } from './sample-factory.ts'
import { resourcesOfType } from './template-json.ts'

describe('the size of an environment', () => {
  it('counts bytes of names and values, and estimates intrinsics', () => {
    expect(environmentSize({ Variables: { NAME: 'é' } })).toBe(6)
    expect(environmentSize({ Variables: { A: { Ref: 'Table' } } })).toBe(129)
    expect(environmentSize({ Variables: { A: { 'Fn::Join': ['', ['ab', { Ref: 'Table' }]] } } })).toBe(131)
    expect(environmentSize(undefined)).toBe(0)
  })

  it.each([[{}], [NO_DOMAIN]])('is below the limit in every function with context %j', (context) => {
    for (const template of Object.values(sampleTemplates({ context })))
      for (const [name, { Properties }] of resourcesOfType(template, 'AWS::Lambda::Function'))
        expect(environmentSize(Properties.Environment), name).toBeLessThan(MOST_ENVIRONMENT_BYTES)
  })

  it('stops synth where it is too large', () => {
    const allowedOrigins = [`https://${'x'.repeat(MOST_ENVIRONMENT_BYTES)}.example.com`]
    const config = sampleConfig({ servers: { devops: { skillset: 'devops', allowedOrigins } } })
    expect(() => sampleFactory({ config }).app.synth()).toThrow(/environment has about \d+ bytes/)
  })
})
