import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { styleText } from 'node:util'
import { Command } from 'commander'
import { type FileWay, type McpClient, reaches, type ServerAddress, wayText, wayTitle } from '../model/mcp-client.ts'
import { findClient, MCP_CLIENTS } from '../model/mcp-clients.ts'
import { CommandFailure, EXIT } from './command-failure.ts'
import { writeEntry } from './connect-file.ts'
import { localFactory } from './local-factory.ts'
import { readServerList } from './server-list.ts'

const HELP = () => `
Examples:
  $ npm run factory -- connect --list
  $ npm run factory -- connect claude-code productivity
  $ npm run factory -- connect cursor productivity --write
  $ npm run factory -- connect mcp-remote productivity            for clients that only speak stdio
  $ npm run factory -- connect codex productivity --url https://mcp.example.com --name work

Without --url the server is one of the factory that npm start runs in this directory. --write adds an entry to the
client's file (below; ~ is your home directory) and keeps what is there, comments too: where the name is taken, it says
so and leaves the file.

Files that --write writes:
${writtenFiles().join('\n')}

Exit codes: 0 printed or written; 1 not written, or no factory answers; 2 wrong usage.`

interface Options {
  readonly list?: true
  readonly url?: string
  readonly name?: string
  readonly write?: true
  readonly json?: true
}

/** `connect`: how an MCP client is connected with a server, printed or written into the client's file. */
export function connectCommand(): Command {
  return new Command('connect')
    .description('Prints, or writes, how an MCP client is connected with a server')
    .argument('[client]', 'see --list')
    .argument('[server]', "the server's name")
    .option('--list', 'the clients that are known')
    .option('--url <issuer>', 'the address of a deployed factory, such as https://mcp.example.com')
    .option('--name <name>', "what the client calls the server; absent: the server's name")
    .option('--write', "write it into the client's file")
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(connect)
}

async function connect(clientId: string | undefined, serverName: string | undefined, options: Options): Promise<void> {
  if (options.list) {
    console.log(list(options))
    return
  }
  const client = findClient(clientId ?? '')
  if (client === undefined)
    throw new CommandFailure(
      `client: found ${clientId ?? 'none'}; allowed: ${MCP_CLIENTS.map(({ id }) => id).join(', ')}`,
      EXIT.wrongUsage,
    )
  const server = await findServer(serverName, options)
  if (!reaches(client, server.url))
    console.error(
      `${client.name} runs in a cloud, which cannot reach ${server.url}: start the factory with --origin and the https URL of a tunnel.`,
    )
  console.log(options.write ? await write(client, server, options) : describe(client, server, options))
}

function list({ json }: Options): string {
  if (json) return JSON.stringify(MCP_CLIENTS.map(({ id, name, cloud }) => ({ id, name, cloud })))
  const width = Math.max(...MCP_CLIENTS.map(({ id }) => id.length))
  return MCP_CLIENTS.map(
    ({ id, name, cloud }) => `${id.padEnd(width)}  ${name}${cloud ? ' (runs in a cloud: needs a public URL)' : ''}`,
  ).join('\n')
}

/** @throws CommandFailure where the name, the issuer or the server is wrong, or nothing answers */
async function findServer(wanted: string | undefined, { url, name = wanted }: Options): Promise<ServerAddress> {
  if (name !== undefined && !/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(name))
    throw new CommandFailure(`--name: found ${name}; allowed: letters, digits, - and _`, EXIT.wrongUsage)
  if (url !== undefined && !URL.canParse(url))
    throw new CommandFailure(`--url: found ${url}; allowed: such as https://mcp.example.com`, EXIT.wrongUsage)
  const issuer = url === undefined ? localFactory().issuer : new URL(url).origin
  const servers = await readServerList(issuer, 'start it with npm start, or name another with --url')
  const found = servers.find((server) => server.name === wanted)
  if (found) return { name: name ?? found.name, url: found.resource }
  const names = servers.map((server) => server.name).join(', ')
  throw new CommandFailure(`server: found ${wanted ?? 'none'}; allowed: ${names}`, EXIT.wrongUsage)
}

function describe(client: McpClient, server: ServerAddress, { json }: Options): string {
  const ways = client.ways(server)
  if (json) return JSON.stringify({ client: client.id, ...server, ways, signIn: client.signIn })
  return [
    `${client.name}: ${server.name} at ${server.url}${ways.length > 1 ? '. Any of these is enough.' : ''}`,
    ...ways.map((way) =>
      [heading(`${wayTitle(way)}:`), ...(way.kind === 'clicks' ? way.steps.map(plain) : []), wayText(way)].join('\n'),
    ),
    `${heading('Then:')}\n${signIn(client, server)}`,
  ].join('\n\n')
}

/** @throws CommandFailure where there is no such file, or it cannot be changed without loss */
async function write(client: McpClient, server: ServerAddress, { json }: Options): Promise<string> {
  const way = writtenWay(client, server)
  const file = way?.files[0]
  if (way === undefined || file === undefined)
    throw new CommandFailure(`${client.name} has no file to write; without --write this says how to connect it.`)
  const path = file.path.startsWith('~/') ? join(homedir(), file.path.slice(2)) : resolve(file.path)
  const change = await writeEntry(path, way)
  if (change !== 'unchanged') console.error(`Wrote ${path} (${file.scope}).`)
  if (json) return JSON.stringify({ client: client.id, ...server, file: file.path, change })
  if (change === 'unchanged') return `${file.path} has ${way.keys.join('.')} already.`
  const added = way.text.split('\n').map((line) => styleText('green', `+ ${line}`))
  return [
    `${file.path}: ${change === 'created' ? 'created, with' : 'added'} ${way.keys.join('.')}`,
    ...added,
    `${heading('Then:')} ${signIn(client, server)}`,
  ].join('\n')
}

function writtenWay(client: McpClient, server: ServerAddress): FileWay | undefined {
  return client.ways(server).find((each): each is FileWay => each.kind === 'file' && each.writable)
}

/** For the help: which file of each client. */
function writtenFiles(): string[] {
  const anyServer = { name: 'server', url: 'http://localhost' }
  return MCP_CLIENTS.flatMap((client) => {
    const file = writtenWay(client, anyServer)?.files[0]
    return file ? [`  ${client.id.padEnd(16)}  ${file.path} (${file.scope})`] : []
  })
}

/** Without the backticks around code. */
function plain(text: string): string {
  return text.replaceAll('`', '')
}

function heading(text: string): string {
  return styleText('bold', text)
}

function signIn(client: McpClient, { name }: ServerAddress): string {
  return plain(client.signIn.replaceAll('<name>', name))
}
