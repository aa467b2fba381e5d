import { ASSUMED, SIZES } from './cost/assumptions.ts'
import { billOf, billOfDeeds, loadOf, sumOf } from './cost/bill.ts'
import { COUNTED, type Deed } from './cost/counted-calls.ts'
import { deploymentOf } from './cost/deployment.ts'
import type { Made } from './generators.ts'
import { COGNITO_FREE, PRICES, PRICES_OF } from './prices.ts'
import { synthesizedStacks } from './synthesized-stacks.ts'

const DEEDS: Readonly<Record<Deed, string>> = {
  call: 'a tool call (`list_events`)',
  refresh: 'a refresh of the access token',
  connection: 'a first connection: refusal, discovery, registration, consent, sign-in, tokens',
}

/** What the config as shipped costs: counted calls, the templates’ memory sizes, list prices. */
export async function make(): Promise<Made> {
  const deployment = deploymentOf(await synthesizedStacks())
  const bills = SIZES.map((people) => billOf(loadOf(people), deployment))
  const million = (deed: Deed) => billOfDeeds({ connection: 0, call: 0, refresh: 0, [deed]: 1_000_000 }, deployment)
  const calls = SIZES.map((people) => loadOf(people).deeds.call)

  return {
    'docs/cost.md': `# What it costs

Made by \`npm run docs\` from three things: calls that a test counts in a running factory, the sizes in the synthesized templates of the config as shipped (three servers), and AWS's list prices for us-east-1, as pages that quote them gave them on ${PRICES_OF}. No free tier is taken off but Cognito's, which does not end. Taxes, data transfer (little: answers are a few kilobytes) and a web ACL are not in it. Prices change: the sources below have those of today.

## A month

${table(
  ['', ...SIZES.map((people) => `${people.toLocaleString('en')} people`)],
  [
    ['requests to MCP servers', ...calls.map((count) => count.toLocaleString('en'))],
    ...Object.keys(bills[0] ?? {}).map((name) => [name, ...bills.map((bill) => dollars(bill[name] ?? 0))]),
    ['**together**', ...bills.map((bill) => `**${dollars(sumOf(bill))}**`)],
  ],
)}

Assumed of each person: ${ASSUMED.workingDays} working days with ${ASSUMED.toolCallsPerDay} tool calls, ${ASSUMED.otherRequestsPerDay} other requests and ${ASSUMED.refreshesPerDay} refreshes a day; ${ASSUMED.connectionsPerMonth} first connections a month; ${ASSUMED.gigabytesPerPerson * 1000} MB stored. Assumed of functions, starts included: gate ${ASSUMED.duration.gate * 1000} ms at ${deployment.memory.gate} MB, ability ${ASSUMED.duration.skillset * 1000} ms at ${deployment.memory.skillset} MB, authorization server ${ASSUMED.duration.oauth * 1000} ms at ${deployment.memory.oauth} MB, scheduled job ${ASSUMED.duration.job} s. Every request leaves a trace and ${ASSUMED.logPerRequest * 1e6} KB of log, kept for three months; real sampling of traces is lower when there is much traffic.

What is paid without a single person: ${dollars(sumOf(billOf(loadOf(0), deployment)))} a month, ${deployment.secrets} secrets and the job that probes services every minute above all. An ability that takes longer costs more: a second at ${deployment.memory.skillset} MB is ${dollars((PRICES.lambdaGigabyteSecond.shown * deployment.memory.skillset * 1e6) / 1024)} per million calls.

## Per million

${table(
  ['a million times', ...Object.keys(million('call')), 'together'],
  (Object.keys(DEEDS) as Deed[]).map((deed) => {
    const bill = million(deed)
    return [DEEDS[deed], ...Object.values(bill).map((amount) => dollars(amount)), dollars(sumOf(bill))]
  }),
)}

## What was counted

${table(
  ['', 'HTTP API', 'REST API', 'gate', 'skillset', 'OAuth function', 'DynamoDB reads', 'DynamoDB writes'],
  (Object.keys(DEEDS) as Deed[]).map((deed) => {
    const { httpApi, restApi, gate, skillset, oauth, reads, writes } = COUNTED[deed]
    return [DEEDS[deed], ...[httpApi, restApi, gate, skillset, oauth, reads, writes].map(String)]
  }),
)}

Counted with everything an instance keeps for seconds already read; \`test/e2e/counted-calls.test.ts\` counts again and fails where a number has changed. The bill takes the worst instead: as if the gate and the OAuth function read rules and keys again each time (${ASSUMED.readsAgain.gate} and ${ASSUMED.readsAgain.oauth} reads more), each read ${ASSUMED.readUnits} units, each write ${ASSUMED.writeUnits}. The keys secret is read every ten seconds by each instance that is awake, at most; it is encrypted with AWS's own key, which costs nothing.

## Cognito

People who sign in with Google through Cognito count as signing in with a social provider: the first ${COGNITO_FREE.social.toLocaleString('en')} a month are free in the Lite plan, which the template asks for, then ${dollars(PRICES.cognitoSocial.shown, 4)} each. Another OpenID Connect provider with \`via: 'cognito'\` is free for ${COGNITO_FREE.oidc} people a month, then ${dollars(PRICES.cognitoOidc.shown, 3)} each: 1,000 people are ${dollars((1000 - COGNITO_FREE.oidc) * PRICES.cognitoOidc.shown)} a month. With \`via: 'direct'\` there is no user pool and nothing to pay for one.

## Prices

${table(
  ['what', 'dollars', 'per', 'source'],
  Object.values(PRICES).map(({ shown, per, source }, at) => [
    Object.keys(PRICES)[at]?.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) ?? '',
    String(shown),
    per,
    `[${new URL(source).pathname.split('/')[1]}](${source})`,
  ]),
)}
`,
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function dollars(amount: number, digits = 2): string {
  return `$${amount.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}
