import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

export function apiLogGroup(scope: Construct, id: string, retention: RetentionDays): LogGroup {
  return new LogGroup(scope, id, { retention, removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE })
}

/**
 * One JSON object per request. The path comes without its query, where codes and states travel; nothing is logged that a
 * caller writes freely, because values are not escaped.
 */
const COMMON = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
}

export const HTTP_API_ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({ ...COMMON, routeKey: '$context.routeKey', errorMessage: '$context.error.message' }),
)

export const REST_API_ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    ...COMMON,
    resourcePath: '$context.resourcePath',
    person: '$context.authorizer.sub',
    client: '$context.authorizer.client_id',
    grant: '$context.authorizer.sid',
    traceId: '$context.xrayTraceId',
    responseType: '$context.error.responseType',
    errorMessage: '$context.error.message',
    authorizerStatus: '$context.authorizer.status',
    authorizerError: '$context.authorizer.error',
  }),
)
