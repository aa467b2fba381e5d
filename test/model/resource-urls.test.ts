import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { insertedMetadataUrl, normalizeResource } from '../../model/resource-urls.ts'

describe('AS-08: a resource identifier', () => {
  it.each([
    ['https://mcp.example.com/devops/mcp', 'https://mcp.example.com/devops/mcp'],
    ['HTTPS://MCP.Example.COM/devops/mcp', 'https://mcp.example.com/devops/mcp'],
    ['https://mcp.example.com:443/devops/mcp', 'https://mcp.example.com/devops/mcp'],
    ['http://localhost:80/devops/mcp', 'http://localhost/devops/mcp'],
    ['http://localhost:4100/devops/mcp', 'http://localhost:4100/devops/mcp'],
    ['https://mcp.example.com/devops/mcp/', 'https://mcp.example.com/devops/mcp'],
    ['https://mcp.example.com/devops/mcp//', 'https://mcp.example.com/devops/mcp/'],
    ['https://mcp.example.com/', 'https://mcp.example.com'],
    ['https://mcp.example.com', 'https://mcp.example.com'],
    ['https://mcp.example.com/DevOps/%6Dcp', 'https://mcp.example.com/DevOps/%6Dcp'],
    ['https://mcp.example.com/a/../b', 'https://mcp.example.com/a/../b'],
    ['https://mcp.example.com/mcp?x=1', 'https://mcp.example.com/mcp?x=1'],
    ['https://mcp.example.com?x=1', 'https://mcp.example.com?x=1'],
    ['https://[::1]:443/mcp', 'https://[::1]/mcp'],
  ])('%s is %s', (value, expected) => expect(normalizeResource(value)).toBe(expected))

  it.each([
    '',
    '/mcp',
    'mcp.example.com/mcp',
    '//mcp.example.com/mcp',
    'https:mcp.example.com',
    'https:///mcp',
    'https://mcp.example.com/mcp#',
    'https://mcp.example.com/mcp#x',
    'https://user@mcp.example.com/mcp',
    'https://user:password@mcp.example.com/mcp',
    'https://evil.test\\@mcp.example.com/mcp',
    'https://mcp.example.com\\mcp',
    'https://mcp.example.com/m cp',
    ' https://mcp.example.com/mcp',
    'https://mcp.example.com/mcp\n',
    'https://mcp.example.com\t/mcp',
    'https://mcp.example.com:99999/mcp',
    'ftp://mcp.example.com/mcp',
    'javascript://mcp.example.com/mcp',
    'https://',
  ])('%j is none', (value) => expect(normalizeResource(value)).toBeUndefined())

  it('is the same however scheme, host and port are spelled, and another for another path', () => {
    const path = fc.webPath().filter((value) => !value.endsWith('/'))
    fc.assert(
      fc.property(fc.domain(), path, path, (host, one, other) => {
        const normal = normalizeResource(`https://${host}${one}`)
        expect(normal).toBeDefined()
        expect(normalizeResource(`HTTPS://${host.toUpperCase()}:443${one}/`)).toBe(normal)
        expect(normalizeResource(normal ?? '')).toBe(normal)
        if (one !== other) expect(normalizeResource(`https://${host}${other}`)).not.toBe(normal)
      }),
    )
  })

  it('is on the host that a URL parser sees', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl({ withQueryParameters: true }),
          fc.string().map((rest) => `https://${rest}`),
        ),
        (value) => {
          const normal = normalizeResource(value)
          if (normal !== undefined) expect(new URL(value).origin).toBe(new URL(normal).origin)
        },
      ),
    )
  })
})

it('RS-01: the metadata’s URL has the well-known path before the resource’s own (RFC 9728 §3.1)', () => {
  expect(insertedMetadataUrl('https://mcp.example.com/devops/mcp')).toBe(
    'https://mcp.example.com/.well-known/oauth-protected-resource/devops/mcp',
  )
})
