import { Duration, Validations } from 'aws-cdk-lib'
import { AuthorizationType, type RestApi } from 'aws-cdk-lib/aws-apigateway'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { HEALTH_PATH } from '../model/resource-urls.ts'
import { streaming } from './streaming.ts'

const TIMEOUT = Duration.seconds(10)

/** `GET /health`: the server's own function says whether it serves, to anybody, throttled (lib/server-api.ts). */
export function addHealth(api: RestApi, handler: IFunction): void {
  const health = api.root.resourceForPath(HEALTH_PATH)
  for (const id of ['AwsSolutions-APIG4', 'AwsSolutions-COG4'])
    Validations.of(health).acknowledge({
      id,
      reason: 'Says up or down and nothing else; /servers and monitors ask without a token',
    })
  health.addMethod('GET', streaming(handler, TIMEOUT), { authorizationType: AuthorizationType.NONE })
}
