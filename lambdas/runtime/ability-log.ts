import { Logger } from '@aws-lambda-powertools/logger'
import type { AbilityLog } from './ability-context.ts'

/** Makes the log of one request: every line carries the attributes, which its details cannot overwrite. */
export type OpenLog = (attributes: Readonly<Record<string, unknown>>) => AbilityLog

/** Structured JSON lines; an Error among the details is written with its cause and stack. */
export function powertoolsLog(logger = new Logger()): OpenLog {
  return (attributes) => ({
    debug: (message, details) => logger.debug(message, { ...details, ...attributes }),
    info: (message, details) => logger.info(message, { ...details, ...attributes }),
    warn: (message, details) => logger.warn(message, { ...details, ...attributes }),
    error: (message, details) => logger.error(message, { ...details, ...attributes }),
  })
}
