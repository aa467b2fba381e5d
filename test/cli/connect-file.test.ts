import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { describe, expect, it } from 'vitest'
import { withEntry, writeEntry } from '../../cli/connect-file.ts'
import type { FileWay } from '../../model/mcp-client.ts'
import { findClient } from '../../model/mcp-clients.ts'
import { temporaryDirectory } from '../local/hand-made.ts'

const SERVER = { name: 'devops', url: 'http://localhost:4100/devops/mcp' }

function wayOf(client: string): FileWay {
  const way = findClient(client)
    ?.ways(SERVER)
    .find((each) => each.kind === 'file')
  if (way?.kind !== 'file') throw new Error(`${client} has no file`)
  return way
}

const CURSOR = wayOf('cursor')
const CODEX = wayOf('codex')
const ENTRY = { url: SERVER.url }

describe('an entry in a JSON file', () => {
  it('is added beside what is there, whose indentation is kept', () => {
    const existing = `${JSON.stringify({ other: [1], mcpServers: { mine: { command: 'x' } } }, null, '\t')}\n`
    const text = withEntry('mcp.json', existing, CURSOR)
    expect(JSON.parse(text)).toEqual({ other: [1], mcpServers: { mine: { command: 'x' }, devops: ENTRY } })
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, '\t')}\n`)
  })

  it.each([
    [
      'comments',
      '{\n  // mine\n  "mcpServers": {\n    "x": 1 /* one */,\n  }, // all\n}\n',
      ['// mine', '/* one */', '// all'],
    ],
    [
      'numbers that JavaScript has not',
      '{ "id": 12345678901234567890, "e": 1e400, "f": 1.0 }',
      ['12345678901234567890', '1e400', '1.0'],
    ],
    ['keys that are repeated', '{ "a": 1, "a": 2 }', ['"a": 1', '"a": 2']],
    ['line ends of Windows', '{\r\n  "a": 1\r\n}\r\n', ['{\r\n  "a": 1,\r\n']],
  ])('leaves as they are: %s', (_name, existing, kept) => {
    const text = withEntry('mcp.json', existing, CURSOR)
    for (const each of kept) expect(text).toContain(each)
    expect(parse(text, [], { allowTrailingComma: true }).mcpServers.devops).toEqual(ENTRY)
    expect(withEntry('mcp.json', text, CURSOR)).toBe(text)
  })

  it('makes the object that lists servers where there is none', () => {
    expect(JSON.parse(withEntry('mcp.json', '{}', CURSOR))).toEqual({ mcpServers: { devops: ENTRY } })
  })

  it('that is there already changes nothing, however the file is written', () => {
    const existing = `{"mcpServers":{  "devops":{"url":"${SERVER.url}"}}}`
    expect(withEntry('mcp.json', existing, CURSOR)).toBe(existing)
  })

  it.each([
    ['what does not parse', '{ "mcpServers": {', /no JSON object[\s\S]*add this by hand[\s\S]*"devops"/],
    ['no object', '[]', /no JSON object/],
    ['two lists of servers', '{ "mcpServers": {}, "mcpServers": {} }', /mcpServers more than once/],
    ['a list of servers', '{ "mcpServers": [] }', /mcpServers is no object/],
    [
      'the name for something else',
      '{ "mcpServers": { "devops": { "url": "https://other.example.com", "headers": {} } } }',
      /another mcpServers\.devops, which was left as it is: .*other\.example\.com.*\n.*--name/,
    ],
  ])('is refused where the file has %s', (_name, existing, message) => {
    expect(() => withEntry('mcp.json', existing, CURSOR)).toThrow(message)
  })
})

describe('a table in a TOML file', () => {
  it('is appended: not a byte before it changes', () => {
    const existing = '# mine\nmodel = "x"\n\n[mcp_servers.other]\nurl = "https://other.example.com" # why'
    expect(withEntry('config.toml', existing, CODEX)).toBe(`${existing}\n\n${CODEX.text}\n`)
  })

  it.each([
    ['as it is printed', `model = "x"\n\n${CODEX.text}\n`],
    ['with a quoted name', CODEX.text.replace('devops]', '"devops"]')],
    ['before others', `${CODEX.text}\n\n[mcp_servers.other]\nurl = "x"\n`],
  ])('that is there already, %s, changes nothing', (_name, existing) => {
    expect(withEntry('config.toml', existing, CODEX)).toBe(existing)
  })

  it.each([
    [
      'the name for something else',
      '[mcp_servers.devops]\nurl = "https://other.example.com"',
      /another mcp_servers\.devops/,
    ],
    ['more under the name', `${CODEX.text}\nenabled = false`, /another mcp_servers\.devops/],
    ['only a table below the name', '[mcp_servers.devops.oauth]\nclient_id = "x"', /another mcp_servers\.devops/],
    ['an inline table', 'mcp_servers = {}', /add this by hand/],
    ['dotted keys', 'mcp_servers.other.url = "x"', /add this by hand/],
    ['a table of them all', '[mcp_servers]\ndevops = { url = "x" }', /add this by hand/],
  ])('is refused where the file has %s', (_name, existing, message) => {
    expect(() => withEntry('config.toml', existing, CODEX)).toThrow(message)
  })
})

describe('the file', () => {
  it('is made with its folder, filled where it is empty, and then left alone', async () => {
    const path = join(temporaryDirectory(), '.cursor', 'mcp.json')
    expect(await writeEntry(path, CURSOR)).toBe('created')
    expect(readFileSync(path, 'utf8')).toBe(`${CURSOR.text}\n`)
    expect(await writeEntry(path, CURSOR)).toBe('unchanged')
    writeFileSync(path, '\n')
    expect(await writeEntry(path, CURSOR)).toBe('added')
  })

  it('keeps its mode, and a link to it stays a link', async () => {
    const directory = temporaryDirectory()
    const [real, link] = [join(directory, 'real.json'), join(directory, 'link.json')]
    writeFileSync(real, '{}')
    chmodSync(real, 0o600)
    symlinkSync(real, link)
    expect(await writeEntry(link, CURSOR)).toBe('added')
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual({ mcpServers: { devops: ENTRY } })
    expect(statSync(real).mode & 0o777).toBe(0o600)
    expect(readFileSync(link, 'utf8')).toBe(readFileSync(real, 'utf8'))
  })

  it('is as it was after a refusal', async () => {
    const path = join(temporaryDirectory(), 'mcp.json')
    writeFileSync(path, '{ "mine": }')
    await expect(writeEntry(path, CURSOR)).rejects.toThrow('no JSON object')
    expect(readFileSync(path, 'utf8')).toBe('{ "mine": }')
  })

  it('that cannot be read is said plainly', async () => {
    const path = join(temporaryDirectory(), 'mcp.json')
    mkdirSync(path)
    await expect(writeEntry(path, CURSOR)).rejects.toThrow(`${path} cannot be read`)
  })
})
