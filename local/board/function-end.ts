import * as z from 'zod'
import { parseJson } from '../../model/parse-json.ts'
import { reasonOf } from './thrown.ts'

/** What Lambda's runtime writes of an error that ends a function, or keeps it from starting. */
const LINE = /^(\S+Z)\t\S+\tERROR\tUncaught Exception \t(\{.*\})$/

const uncaught = z
  .object({ errorType: z.string(), errorMessage: z.string(), stack: z.array(z.string()) })
  .transform(({ errorType, errorMessage, stack }) => reasonOf(errorType, errorMessage, stack.join('\n')))

/** What Lambda itself writes of a function that ends in the middle of a call, with its time and name before it. */
const CUT_SHORT = /^(\S+Z) (\S+) .*?(Runtime exited with error: .*|Task timed out after .*)$/

/** What follows upon an exception that was told already. */
const UPON_EXCEPTION = 'Runtime exited with error: exit status 1'

/** Why a function ended: when, in milliseconds since the epoch, and what; undefined for another line. */
export function functionEnd(line: string): { readonly at: number; readonly detail: string } | undefined {
  const [, ended = '', name, how] = CUT_SHORT.exec(line) ?? []
  if (how !== undefined)
    return how === UPON_EXCEPTION ? undefined : { at: Date.parse(ended), detail: `${name}: ${how}` }
  const [, time = '', error = ''] = LINE.exec(line) ?? []
  const detail = uncaught.safeParse(parseJson(error)).data
  return detail === undefined ? undefined : { at: Date.parse(time), detail }
}
