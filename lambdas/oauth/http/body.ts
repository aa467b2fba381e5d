import { parseJson } from '../../../model/parse-json.ts'
import { OAuthError } from './errors.ts'
import { type Parameters, parseParameters } from './parameters.ts'
import type { Request } from './request.ts'

/** Bytes. The longest honest form is far below. */
const FORM_LIMIT = 16_384
const JSON_LIMIT = 32_768

const UTF8 = new TextDecoder('utf-8', { fatal: true })
/** Lists and objects within one another: what follows them down must come to an end. */
const DEEPEST = 32

/**
 * The form of a request.
 * @throws OAuthError `invalid_request` for another content type, a body too long or not UTF-8
 */
export function readForm(request: Request): Parameters {
  if (mediaType(request) !== 'application/x-www-form-urlencoded')
    throw new OAuthError('invalid_request', 'The content type must be application/x-www-form-urlencoded', {
      status: 415,
    })
  return parseParameters(text(request, FORM_LIMIT, 'invalid_request'))
}

/**
 * The JSON object of a request.
 * @param code the endpoint's own error code
 * @throws OAuthError
 */
export function readJsonObject(request: Request, code: string): Record<string, unknown> {
  if (mediaType(request) !== 'application/json')
    throw new OAuthError(code, 'The content type must be application/json', { status: 415 })
  const parsed = parseJson(text(request, JSON_LIMIT, code))
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new OAuthError(code, 'The body must be a JSON object')
  if (!isNestedWithin(DEEPEST, parsed))
    throw new OAuthError(code, `The body is nested more than ${DEEPEST} levels deep`)
  return parsed as Record<string, unknown>
}

function isNestedWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((member) => isNestedWithin(levels - 1, member))
}

function mediaType(request: Request): string | undefined {
  return request.header('content-type')?.split(';')[0]?.trim().toLowerCase()
}

function text(request: Request, limit: number, code: string): string {
  if (request.body.length > limit) throw new OAuthError(code, `The body is longer than ${limit} bytes`, { status: 413 })
  try {
    return UTF8.decode(request.body)
  } catch {
    throw new OAuthError(code, 'The body is not UTF-8')
  }
}
