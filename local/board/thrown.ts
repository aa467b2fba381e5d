import * as z from 'zod'
import { plainText } from './plain-text.ts'

/** Characters of an error's message that are told. */
const LONGEST_MESSAGE = 300
/** Where the code of whoever writes abilities is; paths in a stack are those of the sources, by source maps. */
const OWN_LINE = /lambdas\/skillsets\/[^\s():]+:\d+/

/** Something that was thrown, as a log has it, in a line: what it is, and where in a skillset it comes from. */
export function reasonOf(name: string, message: string, stack = ''): string {
  const at = OWN_LINE.exec(stack.slice(stack.indexOf('\n    at ')))?.[0]
  const [line = ''] = message.split('\n')
  return `${plainText(`${name}: ${line.slice(0, LONGEST_MESSAGE)}`)}${at === undefined ? '' : ` (${at})`}`
}

/** The same of an Error among the details of a structured line. */
export const thrown = z
  .object({ name: z.string(), message: z.string(), stack: z.string().optional().catch(undefined) })
  .transform(({ name, message, stack }) => reasonOf(name, message, stack))
