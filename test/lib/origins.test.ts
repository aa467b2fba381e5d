import { describe, expect, it } from 'vitest'
import { readOrigins } from '../../lib/origins.ts'
import { ConfigError } from '../../model/config-error.ts'
import { DOMAIN, sampleConfig } from './sample-factory.ts'

const config = sampleConfig()

describe('where the APIs answer', () => {
  it('is execute-api without context and domain', () => {
    expect(readOrigins(undefined, config)).toEqual({ local: false })
  })

  it('is the domain of the config', () => {
    expect(readOrigins(undefined, sampleConfig({ domain: DOMAIN }))).toEqual({
      local: false,
      shared: { url: 'https://mcp.example.com', hostName: 'mcp.example.com', certificateArn: DOMAIN.certificateArn },
    })
  })

  it('is the origin of the context, which wins over the domain', () => {
    const { local, shared } = readOrigins('http://localhost:4100', sampleConfig({ domain: DOMAIN }))
    expect(local).toBe(true)
    expect(shared).toMatchObject({ url: 'http://localhost:4100', hostName: 'localhost' })
  })

  it('is an origin per API, as JSON or as an object', () => {
    const separate = {
      authorization: 'http://localhost:1',
      servers: { productivity: 'http://localhost:2', devops: 'http://localhost:3' },
    }
    expect(readOrigins(JSON.stringify(separate), config)).toEqual({ local: true, separate })
    expect(readOrigins(separate, config)).toEqual({ local: true, separate })
  })

  it.each([
    ['http://localhost:4100/'],
    ['http://localhost:4100/path'],
    ['localhost:4100'],
    ['ftp://localhost'],
    ['{"authorization":'],
    ['{"authorization":"http://localhost:1"}'],
    ['{"authorization":"http://localhost:1","servers":{"productivity":"http://localhost:2"}}'],
    [42],
  ])('refuses %j and says where', (context) => {
    expect(() => readOrigins(context, config)).toThrow(ConfigError)
    expect(() => readOrigins(context, config)).toThrow(/context origin: /)
  })
})
