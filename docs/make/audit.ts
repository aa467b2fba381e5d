import { AUDIT_EVENTS, AUDIT_FIELDS } from '../../lambdas/audit/catalogue.ts'
import type { Made } from './generators.ts'

const INTRODUCTION = `# Audit

Made from \`lambdas/audit/catalogue.ts\`.

Every part writes what counts as one line of JSON on its own function's log, beside whatever else is logged there. An audit event has the field \`audit\`, and nothing else has: one filter finds them all, over all log groups of the factory.

\`\`\`
CloudWatch Logs, metric or subscription filter:  { $.audit = * }
one event:                                       { $.audit = "token.reuse_detected" }
CloudWatch Logs Insights:                        filter ispresent(audit) | sort @timestamp
\`\`\`

Followed from one line to the next: a request by \`requestId\` through gate and server; what a client may do in somebody's name by \`grant\`, from the consent to the end; a person by \`sub\`.

- Never in an event: tokens, codes, cookies, secrets, the arguments and results of calls. Texts end after 512 characters, lists after 32.
- Writing an event never fails a request, and does not depend on the log level. An answer waits at most a quarter of a second for the digest of a call's arguments, where an instance has just started; an event without its digest says nothing else less.
- What no event is written for: public documents, pages that are only looked at, requests that succeed and change nothing (\`/introspect\`, \`tools/list\`), paths that nothing is served at. The log has a line of every answer of the authorization server. What fails because something does not answer (5xx) is an error in the log and no event.
- At the command line there is no log group: \`people\` and \`keys rotate\` first record in the factory table what is about to be done and by whom, then what came of it: docs/storage.md. What cannot be recorded is not done. \`secrets set\` and deployments are in CloudTrail; \`clients new-secret\` changes nothing until a deployment writes the policy, which is \`policy.registered\`.
`

/** docs/audit.md: path from the project's root -> text. */
export async function make(): Promise<Made> {
  const events = Object.entries(AUDIT_EVENTS).map(
    ([name, { by, when, fields }]) => `| \`${name}\` | ${by} | ${when} | ${fields.map(written).join(' ')} |`,
  )
  const fields = Object.entries(AUDIT_FIELDS).map(([name, what]) => `| \`${name}\` | ${what} |`)
  return {
    'docs/audit.md': [
      INTRODUCTION,
      '## Events',
      '',
      'Fields in italics are there where they are known. `audit`, `level`, `timestamp`, `service` and `traceId` are in every line.',
      '',
      '| event | written by | when | fields |',
      '| --- | --- | --- | --- |',
      ...events,
      '',
      '## Fields',
      '',
      '| field | what |',
      '| --- | --- |',
      ...fields,
      '',
    ].join('\n'),
  }
}

function written(field: string): string {
  return field.endsWith('?') ? `*${field.slice(0, -1)}*` : `\`${field}\``
}
