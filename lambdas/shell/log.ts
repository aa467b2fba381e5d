import { jsonLog } from './json-log.ts'

/** Structured logging. Fields hold everything an operator needs and no secret, code, token or cookie. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void
  error(message: string, fields: Readonly<Record<string, unknown>>): void
}

/** The log of the function that this runs in, which each line names. */
export function functionLog(): Log {
  const log = jsonLog((line) => process.stdout.write(line), Date.now)
  const service = process.env.POWERTOOLS_SERVICE_NAME
  return {
    info: (message, fields) => log('INFO', message, { service, ...fields }),
    error: (message, fields) => log('ERROR', message, { service, ...fields }),
  }
}
