import * as z from 'zod'
import { emailDomain } from '../person.ts'
import { isUsablePattern } from './claim-pattern.ts'

/** How rules are written in `factory.config.ts`. */
export const domain = z
  .string()
  .regex(/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a domain name in lower case, such as example.com')
export const email = z.string().refine((value) => emailDomain(value) !== undefined, 'an email address')

const scalar = z.union([z.string(), z.number(), z.boolean()])

const pattern = z
  .string()
  .refine(
    isUsablePattern,
    'a regular expression of at most 200 characters without repeated repetitions or alternatives',
  )

export const claimRule = z
  .strictObject({
    claim: z.string().min(1),
    equals: scalar.optional(),
    oneOf: z.array(scalar).min(1).optional(),
    contains: z.string().optional(),
    matches: pattern.optional(),
  })
  .refine((rule) => Object.keys(rule).length > 1, 'a rule with one of equals, oneOf, contains, matches')

export const accessRules = z.strictObject({
  domains: z.array(domain).min(1).optional(),
  tenants: z.array(z.string()).min(1).optional(),
  people: z.array(email).min(1).optional(),
  blocked: z.array(email).optional(),
  groups: z.array(z.string()).min(1).optional(),
  claims: z.array(claimRule).min(1).optional(),
})
