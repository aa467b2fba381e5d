import * as z from 'zod'

import { label } from '../resource-properties.ts'
import type { Resource } from '../stack.ts'
import type { Answer } from './answer.ts'
import type { AuthorizerContext } from './authorizer.ts'
import { compileHeaders, compileTemplate, type Variables } from './expressions.ts'
import { type HeaderList, withDefault } from './headers.ts'
import { texts } from './properties.ts'

const JSON_TYPE = 'application/json'

interface Default {
  readonly status: number
  readonly message: string | null
  /** `x-amzn-ErrorType` */
  readonly errorType: string
}

/** API Gateway's own answers: "Gateway response types", with the bodies it is seen to send. */
const DEFAULTS = {
  ACCESS_DENIED: {
    status: 403,
    message: 'User is not authorized to access this resource with an explicit deny',
    errorType: 'AccessDeniedException',
  },
  API_CONFIGURATION_ERROR: {
    status: 500,
    message: 'Internal server error',
    errorType: 'InternalServerErrorException',
  },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, message: null, errorType: 'AuthorizerConfigurationException' },
  AUTHORIZER_FAILURE: { status: 500, message: null, errorType: 'AuthorizerFailureException' },
  /** A malformed answer of a Lambda proxy integration has no type of its own. */
  DEFAULT_5XX: { status: 502, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  INTEGRATION_FAILURE: { status: 504, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  INTEGRATION_TIMEOUT: {
    status: 504,
    message: 'Endpoint request timed out',
    errorType: 'InternalServerErrorException',
  },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long', errorType: 'RequestTooLargeException' },
  THROTTLED: { status: 429, message: 'Too Many Requests', errorType: 'TooManyRequestsException' },
  UNAUTHORIZED: { status: 401, message: 'Unauthorized', errorType: 'UnauthorizedException' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Unsupported Media Type',
    errorType: 'UnsupportedMediaTypeException',
  },
} as const satisfies Record<string, Default>

export type GatewayResponseType = keyof typeof DEFAULTS

/** Types that can be configured though nothing here raises them: no validators, signatures, API keys, plans or WAF. */
const NEVER_RAISED = [
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'DEFAULT_4XX',
  'EXPIRED_TOKEN',
  'INVALID_API_KEY',
  'INVALID_SIGNATURE',
  'QUOTA_EXCEEDED',
  'RESOURCE_NOT_FOUND',
  'WAF_FILTERED',
]

export const gatewayResponseProperties = z.strictObject({
  RestApiId: z.string(),
  ResponseType: z.enum([...Object.keys(DEFAULTS), ...NEVER_RAISED]),
  StatusCode: z
    .string()
    .regex(/^[1-5]\d\d$/)
    .optional(),
  ResponseParameters: texts.default({}),
  ResponseTemplates: z.strictObject({ [JSON_TYPE]: z.string().optional() }).optional(),
})

/** A request that ends in a gateway response. */
export interface Refusal {
  readonly response: GatewayResponseType
  /** Instead of the type's own. */
  readonly message?: string
  /** What the authorizer said, where it returned a policy. */
  readonly context?: AuthorizerContext
  /** For the log alone. */
  readonly reason?: string
}

/** `$context.error`, and `$context.authorizer` where there is one (PLATFORM 2). */
export function refusalContext({ response, message, context, reason }: Refusal): object {
  const text = message ?? DEFAULTS[response].message
  return {
    error: { message: text, messageString: JSON.stringify(text), responseType: response },
    ...(context && { authorizer: context }),
    ...(reason && { integrationErrorMessage: reason }),
  }
}

interface Customised {
  readonly status: number | undefined
  readonly headers: (variables: Variables) => HeaderList
  readonly body: ((variables: Variables) => string) | undefined
}

/** A REST API's gateway responses: a type's own, else what DEFAULT_4XX or DEFAULT_5XX makes of it, else the default. */
export class GatewayResponses {
  readonly #customised: ReadonlyMap<string, Customised>

  /** @throws UnsupportedError for an expression or template that API Gateway would not take, an unquoted literal say */
  constructor(configured: readonly { resource: Resource; properties: z.infer<typeof gatewayResponseProperties> }[]) {
    this.#customised = new Map(
      configured.map(({ resource, properties }) => {
        const { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } = properties
        const where = `${label(resource)} (${ResponseType})`
        const template = ResponseTemplates?.[JSON_TYPE]
        return [
          ResponseType,
          {
            status: StatusCode === undefined ? undefined : Number(StatusCode),
            headers: compileHeaders(ResponseParameters, 'gatewayresponse.header.', where),
            body: template === undefined ? undefined : compileTemplate(template, where),
          },
        ]
      }),
    )
  }

  /** @param variables with {@link refusalContext} in their context */
  answer({ response: type, message }: Refusal, variables: Variables): Answer {
    const { status, errorType, message: usual }: Default = DEFAULTS[type]
    const customised = this.#customised.get(type) ?? this.#customised.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX')
    const own = customised?.headers(variables) ?? []
    const body =
      customised?.body?.(variables) ??
      JSON.stringify({ [type === 'ACCESS_DENIED' ? 'Message' : 'message']: message ?? usual })
    return {
      status: customised?.status ?? status,
      headers: withDefault([['x-amzn-ErrorType', errorType], ...own], 'Content-Type', JSON_TYPE),
      body: Buffer.from(body),
    }
  }
}
