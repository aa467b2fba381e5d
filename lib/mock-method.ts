import {
  AuthorizationType,
  type IAuthorizer,
  type IResource,
  type Method,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway'
import { assertNoTemplateLanguage } from './template-language.ts'

export interface MockResponse {
  readonly statusCode: string
  /** API Gateway's expressions: literals in single quotes. */
  readonly headers: Readonly<Record<string, string>>
  /** JSON; absent: an empty body. */
  readonly body?: string
  readonly authorizer?: IAuthorizer
}

/** A method that API Gateway answers by itself, always the same, without a Lambda (PLATFORM 9). */
export function addMockMethod(resource: IResource, httpMethod: string, response: MockResponse): Method {
  const { statusCode, headers, body, authorizer } = response
  if (body !== undefined) assertNoTemplateLanguage(resource, body)
  return resource.addMethod(
    httpMethod,
    new MockIntegration({
      requestTemplates: { 'application/json': JSON.stringify({ statusCode: Number(statusCode) }) },
      passthroughBehavior: PassthroughBehavior.NEVER,
      integrationResponses: [
        {
          statusCode,
          responseParameters: withPrefix(headers, (expression) => expression),
          responseTemplates: { 'application/json': body ?? '' },
        },
      ],
    }),
    {
      ...(authorizer === undefined ? { authorizationType: AuthorizationType.NONE } : { authorizer }),
      methodResponses: [{ statusCode, responseParameters: withPrefix(headers, () => true) }],
    },
  )
}

function withPrefix<T>(headers: Readonly<Record<string, string>>, value: (expression: string) => T): Record<string, T> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, expression]) => [`method.response.header.${name}`, value(expression)]),
  )
}
