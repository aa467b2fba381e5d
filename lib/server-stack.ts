import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { FactoryConfig, ServerConfig } from '../model/factory-config.ts'
import { physicalName, RESOURCE_OUTPUT, serverStackName } from '../model/names.ts'
import { MCP_PATH, PROTECTED_RESOURCE_METADATA } from '../model/resource-urls.ts'
import { type ConfiguredSkillset, serverRegistration } from '../model/skillset-declaration.ts'
import { unauthorizedChallenge } from './challenge.ts'
import { provideConversation } from './conversation.ts'
import { executeApiUrl, mapServer } from './domain.ts'
import { FactoryFunction, type FunctionSettings } from './function.ts'
import { Gate } from './gate.ts'
import { addGatewayResponses } from './gateway-responses.ts'
import { addHealth } from './health.ts'
import { addMcpEndpoint, addProxyEndpoint } from './mcp-endpoint.ts'
import { provideNeeds } from './needs/provide.ts'
import type { Origins } from './origins.ts'
import { readOutputs } from './outputs.ts'
import { addProtectedResourceMetadata } from './protected-resource-metadata.ts'
import { registerServer } from './registration.ts'
import { REST_API_STAGE, ServerApi } from './server-api.ts'
import { serverKind } from './server-kind.ts'

/** The longest an ability may take; the token of a call lives ten minutes by default. */
const ABILITY_TIMEOUT = Duration.minutes(5)

export interface ServerStackProps {
  readonly config: FactoryConfig
  readonly origins: Origins
  readonly settings: FunctionSettings
  readonly name: string
  readonly server: ServerConfig
  /** The skillset's, or the proxy's in that form. */
  readonly declaration: ConfiguredSkillset
}

/** One MCP server, whole: deployed, rolled back and deleted without touching any other stack. */
export class ServerStack extends Stack {
  constructor(scope: Construct, { config, origins, settings, name, server, declaration }: ServerStackProps) {
    const title = server.title ?? declaration.title
    super(scope, `Server-${name}`, {
      stackName: serverStackName(config.stage, name),
      description: `${config.organisation}: MCP server ${title} (${config.stage})`,
      analyticsReporting: false,
    })
    const authorization = readOutputs(config.stage)
    const api = new ServerApi(this, 'Api', {
      apiName: physicalName(config.stage, name),
      title,
      disableExecuteApiEndpoint: origins.shared !== undefined,
      tracing: settings.tracing,
      logRetention: settings.logRetention,
    })
    const url = serverUrl(this, origins, name, api)
    const resource = `${url}${MCP_PATH}`
    const metadataUrl = `${url}${PROTECTED_RESOURCE_METADATA}`
    const registration = serverRegistration(declaration, { ...server, name, title, resource })

    const { issuer, tableName, tableArn } = authorization
    const isPublic = 'proxy' in server && server.proxy.public
    const gateProps = { settings, server: name, issuer, resource, metadataUrl, tableName, tableArn }
    const authorizer = isPublic ? undefined : new Gate(this, 'Gate', gateProps).authorizer
    const kind = serverKind(config, server, registration, declaration.name)
    const environment = {
      ISSUER: issuer,
      RESOURCE: resource,
      SERVER_NAME: name,
      ALLOWED_ORIGINS: JSON.stringify(server.allowedOrigins),
      ...kind.environment,
    }
    const handler = new FactoryFunction(this, kind.id, {
      settings,
      service: name,
      description: `MCP server: ${title}`,
      entry: kind.entry,
      files: kind.files,
      environment,
      memorySize: 1024,
      timeout: ABILITY_TIMEOUT,
      statements: [],
    })
    Validations.of(handler).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'API Gateway waits for the answer to a call: no event is left for a queue',
    })
    if (!('proxy' in server)) provideConversation(this, handler)
    provideNeeds(declaration, {
      scope: this,
      function: handler,
      environment,
      files: kind.files,
      settings,
      stage: config.stage,
      server: name,
      tenants: [...new Set(Object.values(config.tenants))],
      network: server.network,
    })

    const endpoint = { authorizer, handler: handler.function, timeout: ABILITY_TIMEOUT }
    if ('proxy' in server) addProxyEndpoint(api, endpoint)
    else addMcpEndpoint(api, endpoint)
    addHealth(api, handler.function)
    if (!isPublic) addProtectedResourceMetadata(api, registration, issuer)
    addGatewayResponses(api, unauthorizedChallenge(metadataUrl, registration.scopes))
    if (origins.shared) mapServer(this, origins.shared, name, api)
    // Last to be made and first to go: what is registered can be called.
    registerServer(this, authorization.registrarArn, registration).node.addDependency(api.deploymentStage)
    new CfnOutput(this, RESOURCE_OUTPUT, { value: resource, description: 'The URL that MCP clients connect to' })
  }
}

function serverUrl(scope: Construct, { shared, separate }: Origins, name: string, api: ServerApi): string {
  if (shared) return `${shared.url}/${name}`
  return `${separate?.servers[name] ?? executeApiUrl(scope, api.restApiId)}/${REST_API_STAGE}`
}
