import { Duration, Validations } from 'aws-cdk-lib'
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { ENDPOINTS } from '../model/endpoints.ts'
import { apiLogGroup, HTTP_API_ACCESS_LOG } from './api-log.ts'

/** Requests per second and burst, over all callers. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 }
/** Registration writes without a person having signed in: slower than everything else. */
const REGISTRATION_THROTTLE = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 }

export interface AuthorizationApiProps {
  readonly apiName: string
  readonly disableExecuteApiEndpoint: boolean
  readonly logRetention: RetentionDays
}

/**
 * The HTTP API of the authorization server. An HTTP API, because only its stage `$default` serves `/.well-known/…` at
 * the root of its host without a custom domain (PLATFORM 6).
 */
export class AuthorizationApi extends Construct {
  readonly api: HttpApi
  private readonly logRetention: RetentionDays

  constructor(scope: Construct, id: string, props: AuthorizationApiProps) {
    super(scope, id)
    this.logRetention = props.logRetention
    this.api = new HttpApi(this, 'Api', {
      apiName: props.apiName,
      description: 'The OAuth authorization server of all MCP servers',
      createDefaultStage: false,
      disableExecuteApiEndpoint: props.disableExecuteApiEndpoint,
    })
  }

  /** Routes and stage come after the function, whose environment may name the API. */
  serve(handler: IFunction): HttpStage {
    const integration = new HttpLambdaIntegration('OAuth', handler, { timeout: Duration.seconds(29) })
    new HttpRoute(this, 'Default', { httpApi: this.api, routeKey: HttpRouteKey.DEFAULT, integration })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'This is the authorization server: people and clients come here to be authorized, and each of its endpoints checks what its standard demands',
    })
    const registration = HttpRouteKey.with(ENDPOINTS.register, HttpMethod.POST)
    const registrationRoute = new HttpRoute(this, 'Register', {
      httpApi: this.api,
      routeKey: registration,
      integration,
    })
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(apiLogGroup(this, 'AccessLog', this.logRetention)),
        format: HTTP_API_ACCESS_LOG,
      },
    })
    const cfnStage = stage.node.defaultChild as CfnStage
    // Written as in the template: CDK leaves the names inside a free-form map as they are.
    cfnStage.routeSettings = { [registration.key]: REGISTRATION_THROTTLE }
    // A stage's route settings may only name routes that exist (PLATFORM 8).
    stage.node.addDependency(registrationRoute)
    return stage
  }
}
