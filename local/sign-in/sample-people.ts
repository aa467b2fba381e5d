import { createHash } from 'node:crypto'
import type { FactoryConfig } from '../../model/factory-config.ts'
import { tenantOf } from '../../model/rules/tenant.ts'
import { expectation } from './expectation.ts'

/** Somebody who can sign in at the stand-in. What each is for is design, not chance: see {@link samplePeople}. */
export interface SamplePerson {
  readonly name: string
  readonly email: string
  readonly emailVerified: boolean
  /** Google's `hd`: the organisation that manages the account; absent for a consumer account. */
  readonly hostedDomain?: string
  /** What the rules of the config make of this person. */
  readonly note: string
}

const OUTSIDE = 'evil.test'

/**
 * The people of the local sign-in page, at the domains that the config allows. As shipped: alice (everyday scopes),
 * bob (every scope), una (address not verified) and carl (a consumer account on a company address) at example.com; tom
 * at partner.test (another tenant); mallory at evil.test (outside). Where the config has one tenant alone there is no
 * tom. What becomes of each is computed: a config may block alice, or admit carl.
 */
export function samplePeople(config: FactoryConfig): readonly SamplePerson[] {
  const [home, ...others] = config.connection.allowedDomains
  if (home === undefined) return []
  const abroad = others.find((domain) => tenantOf(domain, config.tenants) !== tenantOf(home, config.tenants))
  const accounts = [
    managed('Alice Archer', 'alice', home),
    managed('Bob Baker', 'bob', home),
    { ...managed('Una Unger', 'una', home), emailVerified: false },
    { name: 'Carl Consumer', email: `carl@${home}`, emailVerified: true },
    ...(abroad === undefined ? [] : [managed('Tom Tailor', 'tom', abroad)]),
    managed('Mallory Moss', 'mallory', OUTSIDE),
  ]
  return accounts.map((account) => ({ ...account, note: expectation(account, config) }))
}

function managed(name: string, local: string, domain: string) {
  return { name, email: `${local}@${domain}`, emailVerified: true, hostedDomain: domain }
}

/** The person's subject at Google: 21 digits, the same at every start, as `sub` must be. */
export function googleSubject({ email }: SamplePerson): string {
  const digits = BigInt(`0x${digest('google', email)}`).toString()
  return `1${digits.slice(0, 20)}`
}

/** The person's subject in the user pool: a UUID, the same at every start. */
export function poolSubject({ email }: SamplePerson): string {
  const hex = digest('user pool', email)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

function digest(namespace: string, email: string): string {
  return createHash('sha256').update(`${namespace}\n${email}`).digest('hex')
}
