import type { Duration } from 'aws-cdk-lib'
import { LambdaIntegration, ResponseTransferMode } from 'aws-cdk-lib/aws-apigateway'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'

/** How a server's function answers: all of it streams, a function cannot do both (PLATFORM 5). */
export function streaming(handler: IFunction, timeout: Duration): LambdaIntegration {
  return new LambdaIntegration(handler, {
    responseTransferMode: ResponseTransferMode.STREAM,
    timeout,
    allowTestInvoke: false,
  })
}
