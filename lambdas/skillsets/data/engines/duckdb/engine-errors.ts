import { AbilityError } from '../../../../runtime/ability-error.ts'
import { CORRECT_IT, LESS_MEMORY } from '../hints.ts'
import type { DatabaseSize, Refusal } from './messages.ts'

/** DuckDB's words for a failure of its own, after which a database answers nothing more. */
const BROKEN = /^(?:INTERNAL|FATAL) Error/

/** DuckDB's words, and those of the C++ library where the process may map no more. */
const OUT_OF_MEMORY = /^(?:Out of Memory Error|std::bad_alloc)/

/** The process itself is full, and does not give back all of it: the next statement would fail for this one. */
const PROCESS_FULL = /bad[ _]alloc/

/** What the asker is told of an error that a statement ended with. */
export function refusalOf(error: unknown, { memoryMegabytes }: DatabaseSize): Refusal {
  if (error instanceof AbilityError)
    return { code: error.code, message: error.message, hint: error.hint, detail: String(error.cause ?? '') }
  const message = error instanceof Error ? error.message : String(error)
  if (BROKEN.test(message))
    return {
      code: 'engine_unavailable',
      message: 'DuckDB failed at this statement.',
      hint: 'Word the statement differently, in smaller steps.',
      detail: message,
      broken: true,
    }
  if (OUT_OF_MEMORY.test(message))
    return {
      code: 'out_of_memory',
      message: `The statement needs more than the ${memoryMegabytes} MB of memory that there are.`,
      hint: LESS_MEMORY,
      ...(PROCESS_FULL.test(message) && { broken: true }),
    }
  return { code: 'query_failed', message, hint: CORRECT_IT }
}
