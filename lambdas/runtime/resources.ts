import {
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type ServerContext,
  UriTemplate,
} from '@modelcontextprotocol/server'
import { visibleAbilities } from './admit-ability.ts'
import { answerRequest } from './answer-request.ts'
import type { Call } from './call-tool.ts'
import type { Resource } from './define-resource.ts'
import { assertCarriable } from './tool-result.ts'

/** Characters of a URI that a template is tried on: matching takes longer than linear time. */
const LONGEST_URI = 2_048

/** What `resources/list` shows of one. */
export function listedResource({ name, title, description, mimeType, size, annotations, icons }: Resource) {
  return { uri: name, name: title, title, description, mimeType, size, annotations, icons }
}

/** What `resources/templates/list` shows of one. */
export function listedTemplate({ name, title, description, mimeType, annotations, icons }: Resource) {
  return { uriTemplate: name, name: title, title, description, mimeType, annotations, icons }
}

/**
 * Answers one `resources/read` message: by the resource of exactly this URI, otherwise by the first template that it fits.
 * @throws ProtocolError −32602 with `uri` where there is none, or none for this person (SEP-2164), and what
 * {@link answerRequest} throws
 */
export async function readResource<Services>(
  resources: readonly Resource<Services>[],
  call: Call<Services>,
  { uri }: { readonly uri: string },
  context: ServerContext,
): Promise<ReadResourceResult | InputRequiredResult> {
  const visible = visibleAbilities(resources, call.admission)
  const requested = {
    method: 'resources/read',
    name: resourceOf(uri, visible)?.name ?? uri,
    arguments: uri,
    among: visible,
    unknown: notFound(uri),
  } as const
  return await answerRequest(requested, call, context, async (resource, abilityContext) => {
    const variables = resource.isTemplate ? variablesOf(resource.name, uri) : undefined
    const content = await resource.read(variables ?? {}, abilityContext)
    const { mimeType } = resource
    const part = typeof content === 'string' ? { text: content } : { blob: Buffer.from(content).toString('base64') }
    assertCarriable(Buffer.byteLength(JSON.stringify(part)))
    return { contents: [{ uri, mimeType, ...part }] }
  })
}

/**
 * Answers `resources/subscribe` and `resources/unsubscribe`, which 2025-era clients may send in spite of `subscribe:
 * false`. Nothing is kept: between two requests there is no stream in which anybody could be told of an update.
 * @throws ProtocolError −32602 with `uri` where there is no such resource, or none for this person
 */
export function acceptSubscription(
  resources: readonly Resource[],
  { admission, requestId }: Pick<Call<unknown>, 'admission' | 'requestId'>,
  { uri }: { readonly uri: string },
): Record<string, never> {
  if (resourceOf(uri, visibleAbilities(resources, admission))) return {}
  const { message, data } = notFound(uri)
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message, { ...data, requestId })
}

/** The resource of exactly this URI, otherwise the first template that it fits. */
function resourceOf<One extends Pick<Resource, 'isTemplate' | 'name'>>(uri: string, visible: readonly One[]) {
  return (
    visible.find(({ isTemplate, name }) => !isTemplate && name === uri) ??
    visible.find(({ isTemplate, name }) => isTemplate && variablesOf(name, uri))
  )
}

const notFound = (uri: string) => ({ message: 'Resource not found', data: { uri, code: 'resource_not_found' } })

/** The decoded variables of a URI that fits a template. */
function variablesOf(template: string, uri: string): Record<string, string> | undefined {
  const matched = uri.length > LONGEST_URI ? null : new UriTemplate(template).match(uri)
  try {
    return matched === null
      ? undefined
      : Object.fromEntries(Object.entries(matched).map(([name, value]) => [name, decodeURIComponent(String(value))]))
  } catch {
    // A percent sign that encodes nothing.
    return undefined
  }
}
