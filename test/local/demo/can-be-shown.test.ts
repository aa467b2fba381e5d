import { expect, it } from 'vitest'
import { asksTheSample, canBeShown } from '../../../local/demo/can-be-shown.ts'
import sampleConfig from '../../../local/demo/sample.config.ts'
import type { FactoryConfig } from '../../../model/factory-config.ts'

const { productivity, devops } = sampleConfig.servers as Required<FactoryConfig['servers']>
const withServers = (servers: object): FactoryConfig => ({
  ...sampleConfig,
  servers: servers as FactoryConfig['servers'],
})

it('the sample factory can be shown, and one of another organisation with the same servers', () => {
  expect(canBeShown(sampleConfig)).toBe(true)
  const connection = { ...sampleConfig.connection, allowedDomains: ['acme.test'] }
  const acme = { ...sampleConfig, connection, tenants: { 'acme.test': 'example' } }
  expect(canBeShown(acme)).toBe(true)
})

it.each<[string, FactoryConfig]>([
  ['lacks a server', withServers({ productivity })],
  ['has a server of that name with another skillset', withServers({ devops, productivity: devops })],
  ['does not admit Alice', withServers({ productivity, devops: { ...devops, access: { tenants: ['partner'] } } })],
  [
    'watches what is not on this machine',
    withServers({
      productivity,
      devops: { ...devops, options: { services: [{ name: 'a', url: 'https://a.test/' }] } },
    }),
  ],
  ['admits nobody', { ...sampleConfig, connection: { ...sampleConfig.connection, allowedDomains: [] } }],
])('a factory that %s cannot', (_case, config) => {
  expect(canBeShown(config)).toBe(false)
})

const data = (change: object = {}) => ({
  ...withServers({
    data: { ...productivity, skillset: 'data', options: { engine: 'duckdb', source: { sample: true } }, ...change },
  }),
})

it('the data server is shown over the sample, to people of both its tenants', () => {
  expect(asksTheSample(data())).toBe(true)
})

it.each<[string, FactoryConfig]>([
  ['is none', sampleConfig],
  ['is over other files', data({ options: { engine: 'duckdb', source: { folder: './data' } } })],
  ['does not admit Tom', data({ access: { tenants: ['example'] } })],
  ['knows other tenants than the sample', { ...data(), tenants: { 'example.com': 'acme', 'partner.test': 'partner' } }],
])('one that %s is not', (_case, config) => {
  expect(asksTheSample(config)).toBe(false)
})
