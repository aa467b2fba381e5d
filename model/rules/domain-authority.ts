import { emailDomain } from '../person.ts'
import { claimAt } from './claims.ts'

/** What the connection says of its issuer, as far as domains go. */
export interface IssuerAuthority {
  readonly provider: 'google' | 'oidc'
  readonly via: 'cognito' | 'direct'
  /** Google only: the OAuth app is "Internal", so Google itself admits nobody from outside the organisation. */
  readonly internalApp?: boolean | undefined
  /** Other issuers: the domains that the issuer may assert. */
  readonly asserts?: readonly string[] | undefined
  /** Entra ID: the domains that each directory (`tid`) may assert. */
  readonly directories?: Readonly<Record<string, readonly string[]>> | undefined
}

/** What an upstream ID token says, with the connection's own claim names already mapped. */
export interface IdentityClaims {
  readonly email?: unknown
  readonly email_verified?: unknown
  readonly hd?: unknown
  readonly [claim: string]: unknown
}

/** A refusal names its rule for the person and its detail for the log. */
export type DomainDecision =
  | { readonly allowed: true; readonly email: string; readonly domain: string }
  | { readonly allowed: false; readonly rule: 'email' | 'email_verified' | 'domain_authority'; readonly detail: string }

/** Elsewhere two addresses can look or fold alike (U+212A is `k` in lower case), and a line can end in one. */
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/

const GOOGLE_CONSUMER_DOMAINS = ['gmail.com', 'googlemail.com']

/**
 * Whether the issuer's word about this email address counts: the address is verified, and the issuer is authoritative
 * for its domain. A consumer Google account on a company address has `email_verified: true` and no `hd`; it is refused.
 * Whether the domain is *allowed* is another rule.
 */
export function decideDomain(claims: IdentityClaims, authority: IssuerAuthority): DomainDecision {
  const email = typeof claims.email === 'string' && PRINTABLE_ASCII.test(claims.email) ? claims.email.toLowerCase() : ''
  const domain = emailDomain(email)
  if (domain === undefined) return refuse('email', 'the issuer gave no usable email address')
  if (claims.email_verified !== true && claims.email_verified !== 'true')
    return refuse('email_verified', `email_verified of ${email} is ${String(claims.email_verified)}`)
  const wrong =
    authority.provider === 'google' ? googleWrong(claims, domain, authority) : otherWrong(claims, domain, authority)
  return wrong === undefined ? { allowed: true, email, domain } : refuse('domain_authority', wrong)
}

function googleWrong(claims: IdentityClaims, domain: string, authority: IssuerAuthority): string | undefined {
  const { hd } = claims
  if (typeof hd === 'string' && hd !== '') return hd.toLowerCase() === domain ? undefined : `hd ${hd} is not ${domain}`
  if (GOOGLE_CONSUMER_DOMAINS.includes(domain)) return undefined
  if (authority.via === 'cognito' && authority.internalApp === true) return undefined
  return `no hd: Google does not manage ${domain} for this account`
}

function otherWrong(claims: IdentityClaims, domain: string, authority: IssuerAuthority): string | undefined {
  const listed = (domains: readonly string[] | undefined) => domains?.some((entry) => entry.toLowerCase() === domain)
  if (authority.directories !== undefined) {
    const tid = claimAt(claims, 'tid')
    const domains =
      typeof tid === 'string' && Object.hasOwn(authority.directories, tid) ? authority.directories[tid] : undefined
    return listed(domains) ? undefined : `directory ${String(tid)} may not assert ${domain}`
  }
  return listed(authority.asserts) ? undefined : `the issuer may not assert ${domain}`
}

function refuse(rule: Extract<DomainDecision, { allowed: false }>['rule'], detail: string): DomainDecision {
  return { allowed: false, rule, detail }
}
