import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import devops from '../../lambdas/skillsets/devops/skillset.ts'
import { configureServers } from '../../lib/configure-servers.ts'
import { ConfigError } from '../../model/config-error.ts'
import type { SkillsetServerConfig } from '../../model/factory-config.ts'
import { type Need, SkillsetError } from '../../model/skillset-declaration.ts'

const servers = (options: SkillsetServerConfig['options']) => ({
  devops: { skillset: 'devops', options, access: {}, allowedOrigins: [] },
})

describe('options of a server', () => {
  it('are what their skillset declares', () => {
    const options = { services: [{ name: 'factory', url: '{issuer}/health' }] }
    expect(() => configureServers(servers(options), { devops })).not.toThrow()
  })

  it('stop synth with their path where they are not', () => {
    const wrong = () => configureServers(servers({ services: 'all' }), { devops })
    expect(wrong).toThrow(ConfigError)
    expect(wrong).toThrow('servers.devops.options.services: found "all"; allowed: an array')
  })

  it('stop synth where the skillset knows none of that name', () => {
    const declaration = { ...devops, options: z.strictObject({}) }
    expect(() => configureServers(servers({ colour: 'red' }), { devops: declaration })).toThrow(
      'found the key "colour"',
    )
  })

  it('decide what the server needs, with the defaults of their schema', () => {
    const options = z.strictObject({ memory: z.enum(['table', 'secret']).default('table') })
    const needs = (given: unknown): Need[] =>
      (given as z.output<typeof options>).memory === 'table'
        ? [{ kind: 'table' }]
        : [{ kind: 'secret', name: 'memory', optional: false }]
    const needsWith = (given: SkillsetServerConfig['options']) =>
      configureServers(servers(given), { devops: { ...devops, options, needs } })[0]?.declaration.needs
    expect(needsWith({})).toEqual([{ kind: 'table' }])
    expect(needsWith({ memory: 'secret' })).toEqual([{ kind: 'secret', name: 'memory', optional: false }])
  })
})

it('a skillset that is not there, or of another name, stops synth', () => {
  expect(() => configureServers(servers({}), {})).toThrow(SkillsetError)
  expect(() => configureServers(servers({}), { devops: { ...devops, name: 'other' } })).toThrow('allowed: devops')
})
