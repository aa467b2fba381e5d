import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { FactoryConfig } from '../model/factory-config.ts'
import { authorizationStackName, KEYS_SECRET_OUTPUT, physicalName } from '../model/names.ts'
import { ApiGatewayAccount } from './api-gateway-account.ts'
import { AuthorizationApi } from './authorization-api.ts'
import { executeApiUrl, mapAuthorizationServer } from './domain.ts'
import { authorizationServerAccess } from './factory-table-access.ts'
import { FactoryFunction, type FunctionSettings } from './function.ts'
import { HANDLERS } from './handlers.ts'
import { KeysSecret } from './keys-secret.ts'
import type { Origins } from './origins.ts'
import { declareOutputs } from './outputs.ts'
import { policyDocumentOf } from './policy-document.ts'
import { Registrar } from './registrar.ts'
import { registerPolicy } from './registration.ts'
import { RetainedTable } from './retained-table.ts'
import { connectUpstream } from './upstream.ts'

export interface AuthorizationStackProps {
  readonly config: FactoryConfig
  readonly origins: Origins
  readonly settings: FunctionSettings
}

/** The authorization server and everything it owns. Knows no server: adding one leaves this template as it is. */
export class AuthorizationStack extends Stack {
  constructor(scope: Construct, { config, origins, settings }: AuthorizationStackProps) {
    super(scope, 'Authorization', {
      stackName: authorizationStackName(config.stage),
      description: `${config.organisation}: OAuth authorization server of the MCP servers (${config.stage})`,
      analyticsReporting: false,
    })
    const table = new RetainedTable(this, 'Table')
    const keys = new KeysSecret(this, 'Keys', { settings, table, lifetimes: config.lifetimes })
    const registrar = new Registrar(this, 'Registrar', { settings, stage: config.stage, table })
    const policy = registerPolicy(this, registrar.function.functionArn, policyDocumentOf(config))
    // The registrar's rights must be there before it is called.
    policy.node.addDependency(registrar)

    const http = new AuthorizationApi(this, 'HttpApi', {
      apiName: physicalName(config.stage, 'authorization'),
      disableExecuteApiEndpoint: origins.shared !== undefined,
      logRetention: settings.logRetention,
    })
    const issuer = origins.shared?.url ?? origins.separate?.authorization ?? executeApiUrl(this, http.api.apiId)
    const upstream = connectUpstream(this, { config, issuer, local: origins.local })
    const oauth = new FactoryFunction(this, 'OAuth', {
      settings,
      service: 'oauth',
      description: 'OAuth authorization server',
      entry: HANDLERS.oauth,
      environment: {
        ISSUER: issuer,
        TABLE_NAME: table.tableName,
        KEYS_SECRET_ARN: keys.secretArn,
        // Off only where no connection may leave the machine.
        CLIENT_ID_METADATA_DOCUMENTS: 'on',
        ...upstream.environment,
      },
      memorySize: 1024,
      timeout: Duration.seconds(20),
      statements: [...authorizationServerAccess(table.tableArn), keys.readStatement(), ...upstream.statements],
    })
    Validations.of(oauth).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'Only API Gateway invokes it, and waits for the answer: no event is left for a queue',
    })
    const stage = http.serve(oauth.function)
    if (origins.shared) mapAuthorizationServer(this, origins.shared, stage)
    new ApiGatewayAccount(this, 'ApiGatewayAccount')
    declareOutputs(this, {
      issuer,
      tableName: table.tableName,
      tableArn: table.tableArn,
      registrarArn: registrar.function.functionArn,
    })
    new CfnOutput(this, KEYS_SECRET_OUTPUT, { value: keys.secretArn }).overrideLogicalId(KEYS_SECRET_OUTPUT)
  }
}
