import * as z from 'zod'
import { defineAbility } from '../../../../lambdas/runtime/define-ability.ts'
import { SCOPE } from '../test-ability.ts'

/** Keywords of JSON Schema 2020-12 that zod has no words for. */
const KEYWORDS = {
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
}

/** A tool with an argument that a header repeats (SEP-2243). */
export const headerArgument = defineAbility({
  name: 'test_header_argument',
  title: 'An argument that a header repeats',
  description: 'Says where it was sent to.',
  scope: SCOPE,
  input: z.strictObject({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
  output: z.object({ region: z.string() }),
  run: ({ region }) => ({ region }),
})

/** A tool whose schema says more than names and types (SEP-1613, SEP-2106). */
export const jsonSchema = defineAbility({
  name: 'json_schema_2020_12_tool',
  title: 'JSON Schema 2020-12',
  description: 'Tool with JSON Schema 2020-12 features',
  scope: SCOPE,
  input: z
    .strictObject({
      name: z.string().optional(),
      address: z.unknown().meta({ $ref: '#/$defs/address' }).optional(),
      contactMethod: z.enum(['phone', 'email']).optional(),
      phone: z.string().optional(),
      email: z.string().optional(),
    })
    .meta(KEYWORDS),
  output: z.object({}),
  run: () => ({}),
})
