/** A value of an audit event. Nothing nested: what is looked for is a field. */
export type AuditValue = string | number | readonly string[]

interface EventDescription {
  readonly by: string
  readonly when: string
  /** Those with a question mark are there where they are known. */
  readonly fields: readonly string[]
}

const PERSON = ['sub', 'email', 'tenant'] as const
const KNOWN_GRANT = ['sub?', 'email?', 'tenant?', 'client?', 'grant?', 'server?'] as const
const GRANT = ['sub', 'email?', 'tenant?', 'client', 'grant', 'server'] as const
const CALLER = ['sub?', 'email?', 'tenant?', 'client?', 'grant?', 'server'] as const
const CALL = ['requestId', ...GRANT, 'outcome', 'durationMs', 'scope?', 'argumentDigest?'] as const

const AUTHORIZATION_SERVER = 'authorization server'
const SERVER = 'server'
const REGISTRAR = 'registrar'
const COMMAND_LINE = 'command line'

/** Every audit event: when it is written, by which part, and its fields beside those that every event has. */
export const AUDIT_EVENTS = {
  'sign_in.succeeded': {
    by: AUTHORIZATION_SERVER,
    when: 'The identity provider vouched for a person and the rules admit them.',
    fields: ['requestId', ...PERSON, 'client?', 'server?'],
  },
  'sign_in.refused': {
    by: AUTHORIZATION_SERVER,
    when: 'The identity provider vouched for a person, and a rule does not admit them.',
    fields: ['requestId', 'email?', 'client?', 'server?', 'rule', 'detail'],
  },
  'sign_in.failed': {
    by: AUTHORIZATION_SERVER,
    when: 'A browser came back from the identity provider and nobody was signed in: cancelled, refused there, or not begun in that browser.',
    fields: ['requestId', 'client?', 'reason', 'detail'],
  },
  'session.refused': {
    by: AUTHORIZATION_SERVER,
    when: 'A browser session came along whose person a rule does not admit any more.',
    fields: ['requestId', ...PERSON, 'rule', 'detail'],
  },
  'session.ended': {
    by: AUTHORIZATION_SERVER,
    when: 'Browser sessions ended: the person signed out, ended them, or signed in anew.',
    fields: ['requestId', 'sub', 'reason', 'count'],
  },
  'consent.given': {
    by: AUTHORIZATION_SERVER,
    when: 'A person allowed a client to use a server; it gets a code.',
    fields: ['requestId', ...GRANT, 'scopes'],
  },
  'consent.remembered': {
    by: AUTHORIZATION_SERVER,
    when: 'A client gets a code unasked, because the person allowed exactly this before.',
    fields: ['requestId', ...GRANT, 'scopes'],
  },
  'consent.denied': {
    by: AUTHORIZATION_SERVER,
    when: 'A person did not allow access.',
    fields: ['requestId', 'client', 'server?'],
  },
  'client.registered': {
    by: AUTHORIZATION_SERVER,
    when: 'A client registered itself.',
    fields: ['requestId', 'client', 'name?', 'redirectUris'],
  },
  'client.deleted': {
    by: AUTHORIZATION_SERVER,
    when: 'A client deleted its registration.',
    fields: ['requestId', 'client'],
  },
  'token.issued': {
    by: AUTHORIZATION_SERVER,
    when: 'A code was exchanged for tokens.',
    fields: ['requestId', ...GRANT, 'scopes'],
  },
  'token.refreshed': {
    by: AUTHORIZATION_SERVER,
    when: 'A refresh token was exchanged for new tokens.',
    fields: ['requestId', ...GRANT, 'scopes'],
  },
  'token.refused': {
    by: AUTHORIZATION_SERVER,
    when: 'The token endpoint refused a request; `rule` where a rule ended the grant’s use.',
    fields: ['requestId', ...KNOWN_GRANT, 'rule?', 'reason', 'detail'],
  },
  'token.reuse_detected': {
    by: AUTHORIZATION_SERVER,
    when: 'A code or refresh token came again that was used long ago: somebody has a copy. The grant ends.',
    fields: ['requestId', ...GRANT, 'reason'],
  },
  'grant.ended': {
    by: AUTHORIZATION_SERVER,
    when: 'A grant ended for good: revoked by its client (RFC 7009), ended by its person, or because something of it was used again.',
    fields: ['requestId', ...GRANT, 'reason'],
  },
  'request.refused': {
    by: `${AUTHORIZATION_SERVER}, ${SERVER}, proxy`,
    when: 'Any other request was answered with an error of the caller’s: a malformed one, a client that did not authenticate, a foreign origin.',
    fields: ['requestId', ...KNOWN_GRANT, 'method', 'path?', 'reason', 'detail?'],
  },
  'access.refused': {
    by: 'gate',
    when: 'A request did not pass a server’s gate. Every client begins with one that has no token.',
    fields: ['requestId', ...CALLER, 'method', 'outcome', 'rule', 'detail'],
  },
  'tool.called': {
    by: SERVER,
    when: 'A tool was called, whatever came of it.',
    fields: [...CALL, 'name'],
  },
  'resource.read': {
    by: SERVER,
    when: 'A resource was read, whatever came of it; `name` is its URI, or the template that it fits.',
    fields: [...CALL, 'name'],
  },
  'prompt.got': {
    by: SERVER,
    when: 'A prompt was asked for, whatever came of it.',
    fields: [...CALL, 'name'],
  },
  'argument.completed': {
    by: SERVER,
    when: 'Completions for an argument of a prompt or resource template were asked for, whatever came of it.',
    fields: [...CALL, 'name'],
  },
  'confirmation.answered': {
    by: SERVER,
    when: 'A person answered what a call asked them to confirm, or its model said that they did where the client cannot ask; again in every later round of the same call. `outcome` is `accept`, `decline` or `cancel`.',
    fields: ['requestId', ...GRANT, 'name', 'outcome'],
  },
  'call.proxied': {
    by: 'proxy',
    when: 'A request was for the server behind a proxy, whatever came of it. A proxy has no key: there is no digest.',
    fields: ['requestId', ...CALLER, 'method', 'methods', 'tools', 'outcome', 'durationMs'],
  },
  'server.registered': {
    by: REGISTRAR,
    when: 'A stack registered or changed a server: its URL, scopes, access rules.',
    fields: ['requestId', 'server', 'stack', 'logicalId'],
  },
  'server.removed': {
    by: REGISTRAR,
    when: 'A stack that was deleted, or has it no more, took its server away.',
    fields: ['requestId', 'server', 'stack', 'logicalId'],
  },
  'policy.registered': {
    by: REGISTRAR,
    when: 'The authorization stack wrote the organisation’s policy: connection, rules, lifetimes, its own clients and hashes of their secrets.',
    fields: ['requestId', 'stack', 'logicalId'],
  },
  'policy.removed': {
    by: REGISTRAR,
    when: 'The authorization stack took the policy away.',
    fields: ['requestId', 'stack', 'logicalId'],
  },
  'registration.refused': {
    by: REGISTRAR,
    when: 'A stack asked for what it may not have, or what is malformed.',
    fields: ['requestId', 'stack', 'logicalId', 'detail'],
  },
  'keys.rotated': {
    by: 'key rotation',
    when: 'The authorization server has a new set of keys.',
    fields: ['version', 'compromised'],
  },
  'keys.rotation_requested': {
    by: COMMAND_LINE,
    when: '`keys rotate`',
    fields: ['by', 'outcome', 'compromised'],
  },
  'person.blocked': {
    by: COMMAND_LINE,
    when: '`people block`',
    fields: ['by', 'email', 'outcome'],
  },
  'person.unblocked': {
    by: COMMAND_LINE,
    when: '`people unblock`',
    fields: ['by', 'email', 'outcome'],
  },
  'person.revoked': {
    by: COMMAND_LINE,
    when: '`people revoke`',
    fields: ['by', 'email', 'outcome'],
  },
} as const satisfies Readonly<Record<string, EventDescription>>

export type AuditEvent = keyof typeof AUDIT_EVENTS

type FieldOf<Event extends AuditEvent> = (typeof AUDIT_EVENTS)[Event]['fields'][number]
type AlwaysKnown<Field> = Field extends `${string}?` ? never : Field
type SometimesKnown<Field> = Field extends `${infer Name}?` ? Name : never

/** What an event is written with. */
export type AuditFields<Event extends AuditEvent> = {
  readonly [Field in FieldOf<Event> as AlwaysKnown<Field>]: AuditValue
} & { readonly [Field in FieldOf<Event> as SometimesKnown<Field>]?: AuditValue | undefined }

/** Every field of an event, and those that every one has. */
export const AUDIT_FIELDS: Readonly<Record<string, string>> = {
  audit: 'the event, as named below: what is not an audit event has no such field',
  level: 'always `INFO`: how much else is logged has no influence',
  timestamp: 'when (ISO 8601, UTC)',
  service: 'the function that writes',
  traceId: 'the X-Ray trace that the invocation belongs to',
  requestId: 'API Gateway’s, which the caller was told in `X-Request-ID`; of a registration CloudFormation’s',
  sub: 'the person, as in their tokens',
  email: 'the person’s address, as it was when they signed in',
  tenant: 'the organisation that the person belongs to',
  client: 'the client id',
  grant: 'what one person gave one client for one server; `sid` of its access tokens',
  server: 'the server’s name',
  outcome:
    'what came of it: `ok` or a stable code, among them `insufficient_scope`, `unknown_tool`, `input_required` (the person is asked), `declined`, `timeout`, `internal_error`; of the gate `unauthorized` (401) or `forbidden` (403); of an act `begun`, `done` or `failed`',
  rule: 'which rule said no',
  reason: 'a stable code, or why in a few words',
  detail: 'why exactly; the caller is not told',
  scope: 'the scope that was missing',
  scopes: 'the scopes that the tokens have, or will have',
  method: 'of HTTP',
  path: 'of the URL, without its query',
  name: 'the name: of a tool as it was called, of a client as it calls itself',
  durationMs: 'how long it took, in milliseconds',
  argumentDigest:
    'HMAC-SHA-256 of the arguments, whatever the order of their names, with a key of the server’s own: the same arguments have the same digest at one server, and nobody finds them by trying',
  methods: 'the methods of the JSON-RPC messages',
  tools: 'the tools that they call',
  count: 'how many',
  redirectUris: 'where codes may be sent',
  stack: 'the CloudFormation stack',
  logicalId: 'of the resource in the stack',
  version: 'the secret’s version id',
  compromised: 'which purposes’ keys were removed at once',
  by: 'who, as AWS has it: the access key id, by which CloudTrail tells the rest',
}
