import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { FactoryConfig, ServerConfig } from '../model/factory-config.ts'
import { physicalName, serverStackName } from '../model/names.ts'
import { MCP_PATH, PROTECTED_RESOURCE_METADATA } from '../model/resource-urls.ts'
import { type SkillsetDeclaration, serverRegistration } from '../model/skillset-declaration.ts'
import { unauthorizedChallenge } from './challenge.ts'
import { executeApiUrl, mapServer } from './domain.ts'
import { FactoryFunction, type FunctionSettings } from './function.ts'
import { Gate } from './gate.ts'
import { addGatewayResponses } from './gateway-responses.ts'
import { skillsetHandler } from './handlers.ts'
import { addMcpEndpoint } from './mcp-endpoint.ts'
import { provide } from './needs/provide.ts'
import type { Origins } from './origins.ts'
import { readOutputs } from './outputs.ts'
import { addProtectedResourceMetadata } from './protected-resource-metadata.ts'
import { registerServer } from './registration.ts'
import { REST_API_STAGE, ServerApi } from './server-api.ts'

/** The longest an ability may take; the token of a call lives ten minutes by default. */
const ABILITY_TIMEOUT = Duration.minutes(5)

export interface ServerStackProps {
  readonly config: FactoryConfig
  readonly origins: Origins
  readonly settings: FunctionSettings
  readonly name: string
  readonly server: ServerConfig
  readonly skillset: SkillsetDeclaration
}

/** One MCP server, whole: deployed, rolled back and deleted without touching any other stack. */
export class ServerStack extends Stack {
  constructor(scope: Construct, { config, origins, settings, name, server, skillset }: ServerStackProps) {
    const title = server.title ?? skillset.title
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
    const registration = serverRegistration(skillset, { ...server, name, title, resource })

    const { issuer, tableName, tableArn } = authorization
    const gate = new Gate(this, 'Gate', { settings, server: name, issuer, resource, metadataUrl, tableName, tableArn })
    const handler = new FactoryFunction(this, 'Skillset', {
      settings,
      service: name,
      description: `MCP server: ${title}`,
      entry: skillsetHandler(skillset.name),
      environment: {
        ISSUER: issuer,
        RESOURCE: resource,
        SERVER_NAME: name,
        OPTIONS: JSON.stringify(server.options),
        ALLOWED_ORIGINS: JSON.stringify(server.allowedOrigins),
      },
      memorySize: 1024,
      timeout: ABILITY_TIMEOUT,
      statements: [],
    })
    for (const need of skillset.needs)
      provide(need, { scope: this, function: handler, stage: config.stage, server: name })

    addMcpEndpoint(api, gate.authorizer, handler.function, ABILITY_TIMEOUT)
    addProtectedResourceMetadata(api, registration, issuer)
    addGatewayResponses(api, unauthorizedChallenge(metadataUrl, registration.scopes))
    if (origins.shared) mapServer(this, origins.shared, name, api)
    // Last to be made and first to go: what is registered can be called.
    registerServer(this, authorization.registrarArn, registration).node.addDependency(api.deploymentStage)
    new CfnOutput(this, 'Resource', { value: resource, description: 'The URL that MCP clients connect to' })
  }
}

function serverUrl(scope: Construct, { shared, separate }: Origins, name: string, api: ServerApi): string {
  if (shared) return `${shared.url}/${name}`
  return `${separate?.servers[name] ?? executeApiUrl(scope, api.restApiId)}/${REST_API_STAGE}`
}
