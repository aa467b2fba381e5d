import { LOOPBACK_HOSTS } from './loopback-hosts.ts'

/** An MCP server as a client is told of it. */
export interface ServerAddress {
  /** What the client calls it: letters, digits and hyphens. */
  readonly name: string
  readonly url: string
}

/** A file of a client's that lists its servers. */
export interface ConfigFile {
  /** `~` is the home directory; a path without it is the project's. */
  readonly path: string
  /** For whom or where the file counts. */
  readonly scope: string
}

/** One way to connect a client with a server; any one of a client's suffices. */
export type Way =
  | { readonly kind: 'command'; readonly text: string }
  | {
      readonly kind: 'file'
      readonly format: 'json' | 'toml'
      /** The first is the one that `connect --write` writes, where that is `writable`. */
      readonly files: readonly ConfigFile[]
      readonly writable: boolean
      /** The keys that lead to the server's entry. */
      readonly keys: readonly string[]
      readonly text: string
    }
  | { readonly kind: 'link'; readonly label: string; readonly href: string }
  | { readonly kind: 'clicks'; readonly steps: readonly string[]; readonly url: string }
  | { readonly kind: 'code'; readonly language: 'TypeScript' | 'Python'; readonly text: string }

export type FileWay = Extract<Way, { kind: 'file' }>

/** What is known of an MCP client. */
export interface McpClient {
  readonly id: string
  readonly name: string
  /** Its requests come from its maker's cloud, which cannot reach a URL of this machine. */
  readonly cloud: boolean
  ways(server: ServerAddress): readonly Way[]
  /** What a person does once the server is in the client's list; `<name>` is what the client calls it. */
  readonly signIn: string
  /** Where it keeps tokens. */
  readonly tokens: string
  /** CL-01. `<port>` is any port, `<id>` an identifier that the client makes up. */
  readonly redirectUris: readonly string[]
  readonly quirks: readonly string[]
  /** Where all this was looked up. */
  readonly sources: readonly string[]
}

/** A way by a JSON file: the entry at the end of a path of keys. */
export function jsonFile(
  files: readonly ConfigFile[],
  keys: readonly string[],
  entry: unknown,
  writable = true,
): FileWay {
  const content = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), entry)
  return { kind: 'file', format: 'json', files, writable, keys, text: JSON.stringify(content, null, 2) }
}

/** What to do with a way's text. */
export function wayTitle(way: Way): string {
  switch (way.kind) {
    case 'command':
      return 'In a terminal'
    case 'file':
      return `In ${way.files.map(({ path, scope }) => `${path} (${scope})`).join(' or ')}`
    case 'link':
      return 'With a link'
    case 'clicks':
      return 'In the application'
    case 'code':
      return `In ${way.language}`
  }
}

/** What a person copies or opens. */
export function wayText(way: Way): string {
  if (way.kind === 'link') return way.href
  return way.kind === 'clicks' ? way.url : way.text
}

/** Whether a client can reach a server at all: one in a cloud does not reach a URL of this machine. */
export function reaches({ cloud }: McpClient, url: string): boolean {
  return !(cloud && LOOPBACK_HOSTS.includes(new URL(url).hostname))
}
