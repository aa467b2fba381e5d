import { decodeJwt } from 'jose'
import * as z from 'zod'
import { parseJson } from '../../model/parse-json.ts'
import type { Ask, Exchange } from './exchange.ts'
import { MCP_REQUEST, mcpRequest } from './mcp-request.ts'

/** How many abilities are tried for one that the token does not open. */
const MOST_PROBES = 30

/** What a server said to a good token. */
export interface AdmittedEvidence {
  /** What the token holds, and the everyday scopes there are. */
  readonly scopes: readonly string[]
  readonly everyday: readonly string[]
  readonly list: Exchange
  /** The same token right after, with another method. */
  readonly get: Exchange
  /** The first call whose headers alone were refused. Its body names no ability, so that none ever runs. */
  readonly forbidden?: { readonly ability: string; readonly exchange: Exchange }
  /** A call of an ability that only reads and needs no input, with progress asked for. */
  readonly progress?: { readonly ability: string; readonly exchange: Exchange }
}

const tools = z.object({
  result: z.object({
    tools: z.array(
      z.object({
        name: z.string(),
        annotations: z.object({ readOnlyHint: z.boolean().optional() }).optional(),
        inputSchema: z.object({ required: z.array(z.string()).optional() }),
      }),
    ),
  }),
})

/** Asks in this order, for a gate whose answers are kept gives the first one again. */
export async function gatherAdmitted(
  resource: string,
  token: string,
  everyday: readonly string[],
  ask: Ask,
): Promise<AdmittedEvidence> {
  const Authorization = `Bearer ${token}`
  const list = await ask(resource, mcpRequest('POST', { Authorization }))
  const get = await ask(resource, mcpRequest('GET', { Authorization }))
  const abilities = abilitiesOf(list)

  let forbidden: AdmittedEvidence['forbidden']
  for (const { name } of abilities.slice(0, MOST_PROBES)) {
    const exchange = await ask(resource, {
      method: 'POST',
      headers: {
        ...MCP_REQUEST,
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'tools/call',
        'Mcp-Name': name,
        Authorization,
      },
      body: '{}',
    })
    if (exchange.status === 403) {
      forbidden = { ability: name, exchange }
      break
    }
  }

  const harmless = abilities.find(
    ({ name, annotations, inputSchema }) =>
      annotations?.readOnlyHint === true && (inputSchema.required ?? []).length === 0 && name !== forbidden?.ability,
  )
  const progress = harmless && {
    ability: harmless.name,
    exchange: await ask(resource, {
      method: 'POST',
      headers: { ...MCP_REQUEST, Authorization },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 2,
        method: 'tools/call',
        params: { name: harmless.name, arguments: {}, _meta: { progressToken: 'doctor' } },
      }),
    }),
  }
  return {
    scopes: String(decodeJwt(token).scope ?? '').split(' '),
    everyday,
    list,
    get,
    ...(forbidden && { forbidden }),
    ...(progress && { progress }),
  }
}

/** The abilities of a `tools/list` answer, JSON or event stream. */
function abilitiesOf({ body }: Exchange): z.infer<typeof tools>['result']['tools'] {
  const events = body.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length)] : []))
  const answers = [body, ...events].map((text) => tools.safeParse(parseJson(text)).data)
  return answers.find((answer) => answer !== undefined)?.result.tools ?? []
}
