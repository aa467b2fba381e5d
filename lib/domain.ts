import { CfnOutput, Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { ApiMapping, CfnApiMapping, DomainName, type HttpStage, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type { Construct } from 'constructs'
import type { Origins } from './origins.ts'

type SharedOrigin = NonNullable<Origins['shared']>

/** The custom domain and, at its root, the authorization server (PLATFORM 6). */
export function mapAuthorizationServer(
  scope: Construct,
  { hostName, certificateArn }: SharedOrigin,
  stage: HttpStage,
): void {
  const domainName = new DomainName(scope, 'Domain', {
    domainName: hostName,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
    securityPolicy: SecurityPolicy.TLS_1_2,
  })
  new ApiMapping(scope, 'RootMapping', { api: stage.api, domainName, stage })
  new CfnOutput(scope, 'DomainTarget', {
    value: domainName.regionalDomainName,
    description: 'Where the CNAME record of the domain leads',
  })
}

/** A server's REST API at `/<server>` of the domain, which is named literally: it belongs to another stack. */
export function mapServer(scope: Construct, { hostName }: SharedOrigin, server: string, api: RestApi): void {
  new CfnApiMapping(scope, 'Mapping', {
    domainName: hostName,
    apiMappingKey: server,
    apiId: api.restApiId,
    stage: api.deploymentStage.stageName,
  })
}

/** Where an API Gateway API answers without a domain, as it is known before its stage is made (PLATFORM 12). */
export function executeApiUrl(scope: Construct, apiId: string): string {
  const { region, urlSuffix } = Stack.of(scope)
  return `https://${apiId}.execute-api.${region}.${urlSuffix}`
}
