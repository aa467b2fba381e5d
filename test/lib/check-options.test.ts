import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import devops from '../../lambdas/skillsets/devops/skillset.ts'
import { checkOptions } from '../../lib/check-options.ts'
import { ConfigError } from '../../model/config-error.ts'
import type { SkillsetServerConfig } from '../../model/factory-config.ts'

const servers = (options: SkillsetServerConfig['options']) => ({
  devops: { skillset: 'devops', options, access: {}, allowedOrigins: [] },
})

describe('options of a server', () => {
  it('are what their skillset declares', () => {
    const options = { services: [{ name: 'factory', url: '{issuer}/health' }] }
    expect(() => checkOptions(servers(options), { devops })).not.toThrow()
  })

  it('stop synth with their path where they are not', () => {
    const wrong = () => checkOptions(servers({ services: 'all' }), { devops })
    expect(wrong).toThrow(ConfigError)
    expect(wrong).toThrow('servers.devops.options.services: found "all"; allowed: an array')
  })

  it('stop synth where the skillset knows none of that name', () => {
    const declaration = { ...devops, options: z.strictObject({}) }
    expect(() => checkOptions(servers({ colour: 'red' }), { devops: declaration })).toThrow('found the key "colour"')
  })
})
