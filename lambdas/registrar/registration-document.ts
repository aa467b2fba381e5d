import type * as z from 'zod/mini'
import { type PolicyDocument, policyDocument, type ServerDocument, serverDocument } from '../../model/documents.ts'
import { LOOPBACK_HOSTS } from '../../model/loopback-hosts.ts'
import { isReservedName, SERVER_NAME } from '../../model/names.ts'
import { normalizeResource } from '../../model/resource-urls.ts'
import type { AccessRules } from '../../model/rules/access.ts'
import { isUsablePattern } from '../../model/rules/claim-pattern.ts'
import { isScopeToken } from '../../model/scopes.ts'
import { Refusal } from './refusal.ts'

/** A name that a server may bear. */
export function isServerName(name: string): boolean {
  return SERVER_NAME.test(name) && !isReservedName(name)
}

/**
 * Reads the property `Registration` of a `Custom::McpServer`. Synth has checked all of this; a stack need not come from
 * our synth.
 * @throws Refusal saying what is wrong
 */
export function parseServerDocument(text: unknown): ServerDocument {
  const server = parseDocument('Registration', text, serverDocument)
  if (!isServerName(server.name)) throw new Refusal(`Registration: ${JSON.stringify(server.name)} cannot be a name`)
  assertResource(server.resource)
  const scopes = server.scopes.map((scope) => scope.name)
  for (const scope of scopes) if (!isScopeToken(scope)) throw new Refusal('Registration: a scope is not a scope token')
  if (new Set(scopes).size < scopes.length) throw new Refusal('Registration: a scope is declared twice')
  for (const [ability, scope] of Object.entries(server.abilities))
    if (!scopes.includes(scope))
      throw new Refusal(`Registration: ability ${JSON.stringify(ability)} needs a scope that is not declared`)
  assertRules('Registration.access', server.access)
  assertRules('Registration.privileged', server.privileged)
  for (const [index, { access }] of server.scopes.entries()) assertRules(`Registration.scopes.${index}.access`, access)
  return server
}

/**
 * Reads the property `Policy` of a `Custom::McpPolicy`.
 * @throws Refusal saying what is wrong
 */
export function parsePolicyDocument(text: unknown): PolicyDocument {
  const policy = parseDocument('Policy', text, policyDocument)
  for (const [name, seconds] of Object.entries(policy.lifetimes))
    if (!Number.isSafeInteger(seconds) || seconds <= 0)
      throw new Refusal(`Policy.lifetimes.${name} is not a number of seconds`)
  assertRules('Policy.access', policy.access)
  return policy
}

function parseDocument<Document>(property: string, text: unknown, schema: z.ZodMiniType<Document>): Document {
  if (typeof text !== 'string') throw new Refusal(`the property ${property} is missing`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(`the property ${property} is not JSON`)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const paths = result.error.issues.map((issue) => [property, ...issue.path].join('.'))
  throw new Refusal(`missing, malformed or unknown: ${[...new Set(paths)].join(', ')}`)
}

/** Tokens have it as their audience, byte for byte, so it has exactly one spelling. */
function assertResource(resource: string): void {
  if (normalizeResource(resource) !== resource)
    throw new Refusal('Registration.resource is not a URL in its normal form')
  const { protocol, hostname, search } = new URL(resource)
  if (search !== '') throw new Refusal('Registration.resource has a query')
  if (protocol !== 'https:' && !LOOPBACK_HOSTS.includes(hostname))
    throw new Refusal('Registration.resource is not https')
}

/** A rule that cannot be evaluated, or not in time, would close the gate for everybody. */
function assertRules(path: string, rules: AccessRules | undefined): void {
  for (const [index, { matches }] of (rules?.claims ?? []).entries())
    if (matches !== undefined && !isUsablePattern(matches))
      throw new Refusal(`${path}.claims.${index}.matches is not a pattern that can be used`)
}
