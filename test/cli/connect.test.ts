import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CommanderError } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { CommandFailure, EXIT } from '../../cli/command-failure.ts'
import { connectCommand } from '../../cli/connect.ts'
import { type LoopbackServer, listenOnLoopback } from '../../local/loopback-server.ts'
import { endpointsFile } from '../../local/state-directory.ts'
import { MCP_CLIENTS } from '../../model/mcp-clients.ts'
import { temporaryDirectory } from '../local/hand-made.ts'

const FACTORY = join(import.meta.dirname, '../../bin/factory.ts')

let authorization: LoopbackServer
let issuer: string
let url: string
/** What the issuer lists instead of `url`. */
let listed: string | undefined
beforeAll(async () => {
  authorization = await listenOnLoopback((_request, response) =>
    response.end(JSON.stringify({ servers: [{ name: 'devops', title: 'DevOps', resource: listed ?? url }] })),
  )
  issuer = `http://localhost:${authorization.port}`
  url = `${issuer}/devops/mcp`
})
afterAll(() => authorization.close())

/** Runs the command in a directory of its own, which is its home, too. */
async function connect(args: readonly string[], directory = temporaryDirectory()) {
  const [out, err]: [string[], string[]] = [[], []]
  vi.spyOn(console, 'log').mockImplementation((line) => out.push(`${line}\n`))
  vi.spyOn(console, 'error').mockImplementation((line) => err.push(`${line}\n`))
  vi.stubEnv('HOME', directory)
  vi.stubEnv('NO_COLOR', '1')
  process.chdir(directory)
  const command = connectCommand()
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.push(text), writeErr: (text) => err.push(text) })
  const code = await command.parseAsync(args, { from: 'user' }).then(
    () => 0,
    (error: unknown) => {
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage
      if (!(error instanceof CommandFailure)) throw error
      err.push(error.message)
      return error.exitCode
    },
  )
  return { stdout: out.join(''), stderr: err.join(''), code, directory }
}

const cwd = process.cwd()
afterEach(() => {
  process.chdir(cwd)
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

describe('connect', () => {
  it('prints what belongs to the client and the server', async () => {
    const { stdout, stderr, code } = await connect(['claude-code', 'devops', '--url', issuer])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(stdout).toContain(`claude mcp add --transport http devops ${url}\n`)
    expect(stdout).toContain('claude mcp login devops')
  })

  it('prints the local proxy for clients that only speak stdio', async () => {
    const { stdout } = await connect(['mcp-remote', 'devops', '--url', issuer, '--json'])
    const { ways } = JSON.parse(stdout)
    expect(JSON.parse(ways[0].text)).toEqual({
      mcpServers: { devops: { command: 'npx', args: ['-y', 'mcp-remote@0.15.1', url] } },
    })
  })

  it('without --url asks the factory that runs in this directory', async () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, '.factory'))
    const credentials = { accessKeyId: 'x', secretAccessKey: 'x', sessionToken: 'x' }
    const aws = { region: 'x', credentials, logs: 'x', secretsManager: 'x', dynamodb: 'x', table: 'x', keysSecret: 'x' }
    const endpoints = { issuer, people: [], ...aws }
    writeFileSync(endpointsFile(join(directory, '.factory')), JSON.stringify(endpoints))
    expect((await connect(['codex', 'devops'], directory)).stdout).toContain(`codex mcp add devops --url ${url}`)
  })

  it('says where none runs, with exit code 1', async () => {
    const { stderr, code } = await connect(['codex', 'devops'])
    expect(code).toBe(1)
    expect(stderr).toContain('npm start')
  })

  it('warns of a client that cannot reach this machine', async () => {
    const { stdout, stderr, code } = await connect(['chatgpt', 'devops', '--url', issuer])
    expect(code).toBe(0)
    expect(stderr).toContain('--origin')
    expect(stdout).toContain(url)
  })

  it('lists the clients', async () => {
    const { stdout } = await connect(['--list', '--json'])
    expect(JSON.parse(stdout).map(({ id }: { id: string }) => id)).toEqual(MCP_CLIENTS.map(({ id }) => id))
    expect((await connect(['--list'])).stdout).toMatch(/^cursor +Cursor$/m)
  })

  it('writes the file of the project, says what it added, and does nothing the second time', async () => {
    const args = ['vscode', 'devops', '--url', issuer, '--write']
    const { stdout, stderr, code, directory } = await connect(args)
    expect(code).toBe(0)
    expect(stderr).toBe(`Wrote ${join(realpathSync(directory), '.vscode/mcp.json')} (this project).\n`)
    expect(stdout).toMatch(/^\.vscode\/mcp\.json: created, with servers\.devops\n\+ \{/)
    const written = readFileSync(join(directory, '.vscode/mcp.json'), 'utf8')
    expect(JSON.parse(written)).toEqual({ servers: { devops: { type: 'http', url } } })
    expect(await connect(args, directory)).toMatchObject({
      stdout: '.vscode/mcp.json has servers.devops already.\n',
      stderr: '',
    })
    expect(readFileSync(join(directory, '.vscode/mcp.json'), 'utf8')).toBe(written)
  })

  it('writes a second server, by another name, into the file of the home directory', async () => {
    const { stderr, directory } = await connect(['codex', 'devops', '--url', issuer, '--write'])
    expect(stderr).toBe(`Wrote ${join(directory, '.codex/config.toml')} (all projects).\n`)
    const { stdout } = await connect(
      ['codex', 'devops', '--url', issuer, '--write', '--name', 'work', '--json'],
      directory,
    )
    expect(JSON.parse(stdout)).toEqual({
      client: 'codex',
      name: 'work',
      url,
      file: '~/.codex/config.toml',
      change: 'added',
    })
    const written = readFileSync(join(directory, '.codex/config.toml'), 'utf8')
    expect(written).toBe(`[mcp_servers.devops]\nurl = "${url}"\n\n[mcp_servers.work]\nurl = "${url}"\n`)
  })

  it('a file that would lose something, or none to write, is exit code 1', async () => {
    const directory = temporaryDirectory()
    const list = '{ "mcpServers": [] }'
    writeFileSync(join(directory, '.mcp.json'), list)
    const refused = await connect(['claude-code', 'devops', '--url', issuer, '--write'], directory)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('mcpServers is no object')
    expect(readFileSync(join(directory, '.mcp.json'), 'utf8')).toBe(list)
    expect(await connect(['inspector', 'devops', '--url', issuer, '--write'])).toMatchObject({ code: 1, stdout: '' })
  })

  it.each([
    [['emacs', 'devops'], /client: found emacs; allowed: claude-code, /],
    [[], /client: found none/],
    [['cursor'], /server: found none; allowed: devops/],
    [['cursor', 'nobody'], /server: found nobody; allowed: devops/],
    [['cursor', 'devops', '--name', '__proto__'], /--name: found __proto__/],
    [['cursor', 'devops', '--name', 'a b'], /--name: found a b/],
    [['cursor', 'devops', '--scope', 'x'], /unknown option/],
  ])('%j is wrong usage: exit code 2', async (args, message) => {
    const { stderr, code } = await connect([...args, '--url', issuer])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it.each([
    'https://mcp.example.com/mcp;touch x',
    'https://mcp.example.com/$(touch+x)/mcp',
    "https://mcp.example.com/'+x+'/mcp",
    'https://mcp.example.com/\u001b[2J/mcp',
    'javascript:alert(1)//mcp',
  ])('prints nothing of an issuer that lists %j: it would be pasted into a shell', async (resource) => {
    listed = resource
    onTestFinished(() => {
      listed = undefined
    })
    const { stdout, stderr, code } = await connect(['claude-code', 'devops', '--url', issuer])
    expect([stdout, code]).toEqual(['', 1])
    expect(stderr).toContain('no list of servers')
    expect(stderr).not.toContain(resource)
  })

  it('an issuer that is no URL is wrong usage; one where nothing answers is exit code 1', async () => {
    expect(await connect(['cursor', 'devops', '--url', 'mcp'])).toMatchObject({ code: 2 })
    const gone = await listenOnLoopback(() => undefined)
    await gone.close()
    const { stderr, code } = await connect(['cursor', 'devops', '--url', `http://localhost:${gone.port}`])
    expect(code).toBe(1)
    expect(stderr).toBe(
      `No factory answers at http://localhost:${gone.port} (ECONNREFUSED): start it with npm start, or name another with --url.`,
    )
  })

  it('is a command of the factory, whose --help has examples and exit codes', async () => {
    const child = spawn(process.execPath, [FACTORY, 'connect', '--help'])
    const stdout = await text(child.stdout)
    expect(stdout).toContain('npm run factory -- connect')
    expect(stdout).toContain('Exit codes:')
    expect(stdout).toMatch(/^ {2}codex +~\/\.codex\/config\.toml \(all projects\)$/m)
  })
})
