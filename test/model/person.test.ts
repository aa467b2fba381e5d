import { expect, it } from 'vitest'
import { emailDomain } from '../../model/person.ts'

it.each([
  ['alice@example.com', 'example.com'],
  ['Alice@EXAMPLE.com', 'example.com'],
  ['a+b@sub.example.com', 'sub.example.com'],
])('the domain of %s is %s', (email, domain) => expect(emailDomain(email)).toBe(domain))

it.each([
  '',
  'alice',
  '@',
  '@example.com',
  'alice@',
  'a@b@c',
  'alice@evil.test@example.com',
  'alice@@example.com',
])('%j has none', (email) => expect(emailDomain(email)).toBeUndefined())
