import { createHash } from 'node:crypto'
import type { FactoryConfig } from '../../model/factory-config.ts'
import { tenantOf } from '../../model/rules/tenant.ts'

/** Somebody who can sign in at the stand-in. What each is for is design, not chance: see {@link samplePeople}. */
export interface SamplePerson {
  readonly name: string
  readonly email: string
  readonly emailVerified: boolean
  /** Google's `hd`: the organisation that manages the account; absent for a consumer account. */
  readonly hostedDomain?: string
  /** Says in words what to expect of this person, for the sign-in page. */
  readonly note: string
}

const OUTSIDE = 'evil.test'

/**
 * The people of the local sign-in page, at the domains that the config allows. As shipped: alice (everyday scopes),
 * bob (every scope), una (address not verified: refused) and carl (a consumer account on a company address: refused)
 * at example.com; tom at partner.test (another tenant); mallory at evil.test (outside: refused). Where the config has
 * one tenant alone there is no tom.
 */
export function samplePeople(config: Pick<FactoryConfig, 'connection' | 'tenants'>): readonly SamplePerson[] {
  const [home, ...others] = config.connection.allowedDomains
  if (home === undefined) return []
  const abroad = others.find((domain) => tenantOf(domain, config.tenants) !== tenantOf(home, config.tenants))
  return [
    managed('Alice Archer', 'alice', home, 'allowed'),
    managed('Bob Baker', 'bob', home, 'allowed, privileged where the config names this address'),
    { ...managed('Una Unger', 'una', home, 'refused: the address is not verified'), emailVerified: false },
    {
      name: 'Carl Consumer',
      email: `carl@${home}`,
      emailVerified: true,
      note: 'refused: a consumer account that only carries a company address',
    },
    ...(abroad === undefined ? [] : [managed('Tom Tailor', 'tom', abroad, 'allowed, in another tenant')]),
    managed('Mallory Moss', 'mallory', OUTSIDE, 'refused: from outside the organisation'),
  ]
}

function managed(name: string, local: string, domain: string, note: string): SamplePerson {
  return { name, email: `${local}@${domain}`, emailVerified: true, hostedDomain: domain, note }
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
