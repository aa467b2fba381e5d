import { RemovalPolicy, Validations } from 'aws-cdk-lib'
import { EndpointType, LogGroupLogDestination, MethodLoggingLevel, RestApi } from 'aws-cdk-lib/aws-apigateway'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { HEALTH_PATH } from '../model/resource-urls.ts'
import { apiLogGroup, REST_API_ACCESS_LOG } from './api-log.ts'

/** Literal: an environment variable that named the stage resource would close a circle (PLATFORM 12). */
export const REST_API_STAGE = 'v1'

/** Requests per second and burst, over all callers of one server. */
const THROTTLE = { throttlingRateLimit: 100, throttlingBurstLimit: 200 }
/** Anybody may ask, and each answer costs an invocation. */
const HEALTH_THROTTLE = { throttlingRateLimit: 5, throttlingBurstLimit: 10 }

export interface ServerApiProps {
  readonly apiName: string
  readonly title: string
  readonly disableExecuteApiEndpoint: boolean
  readonly tracing: boolean
  readonly logRetention: RetentionDays
}

/**
 * The REST API of one MCP server. A REST API, because only its gateway responses let `WWW-Authenticate` through under
 * its own name, and only it streams (PLATFORM 1, 5).
 */
export class ServerApi extends RestApi {
  constructor(scope: Construct, id: string, props: ServerApiProps) {
    super(scope, id, {
      restApiName: props.apiName,
      description: `MCP server: ${props.title}`,
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      disableExecuteApiEndpoint: props.disableExecuteApiEndpoint,
      // The account's one role is the AuthorizationStack's.
      cloudWatchRole: false,
      deployOptions: {
        stageName: REST_API_STAGE,
        ...THROTTLE,
        methodOptions: { [`${HEALTH_PATH}/GET`]: HEALTH_THROTTLE },
        tracingEnabled: props.tracing,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(apiLogGroup(scope, 'AccessLog', props.logRetention)),
        accessLogFormat: REST_API_ACCESS_LOG,
      },
    })
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'The one body that is taken is JSON-RPC, whose schemas depend on the ability: the runtime checks it and answers in the protocol’s own form, which a request validator cannot',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'Throttled, and behind the gate; a web ACL is the account’s own, costs by the month and is associated from outside (docs/deploy.md)',
      },
    )
    if (!props.tracing)
      Validations.of(this).acknowledge({
        id: 'Serverless-APIGWXrayEnabled',
        reason: 'Off on one machine alone, where nobody takes traces',
      })
    // CDK's own output would name the execute-api host, which a custom domain disables.
    this.node.tryRemoveChild('Endpoint')
    // API Gateway would make this group itself at the first error, and keep it for ever.
    const executionLog = new LogGroup(this, 'ExecutionLog', {
      logGroupName: `API-Gateway-Execution-Logs_${this.restApiId}/${REST_API_STAGE}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.deploymentStage.node.addDependency(executionLog)
  }
}
