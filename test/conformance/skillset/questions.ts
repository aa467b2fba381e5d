import { inputRequired } from '@modelcontextprotocol/server'
import type * as z from 'zod'

export const form = (message: string, requestedSchema: z.ZodObject) =>
  inputRequired.elicit({ message, requestedSchema })

/** A question to the client's model. */
export const sample = (text: string) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 100 })
