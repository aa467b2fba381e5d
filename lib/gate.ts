import { Duration, Validations } from 'aws-cdk-lib'
import { type CfnAuthorizer, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway'
import { Construct } from 'constructs'
import { authorizerAccess } from './factory-table-access.ts'
import { FactoryFunction, type FunctionSettings } from './function.ts'
import { HANDLERS } from './handlers.ts'

export interface GateProps {
  readonly settings: FunctionSettings
  readonly server: string
  readonly issuer: string
  /** The one audience it accepts: a constant of the deployment. */
  readonly resource: string
  readonly metadataUrl: string
  readonly tableName: string
  readonly tableArn: string
}

/** The authorizer in front of one server: a function and a role of its own, nothing cached by API Gateway. */
export class Gate extends Construct {
  readonly authorizer: RequestAuthorizer

  constructor(scope: Construct, id: string, props: GateProps) {
    super(scope, id)
    const gate = new FactoryFunction(this, 'Handler', {
      settings: props.settings,
      service: `${props.server}-authorizer`,
      description: `Decides who may call the MCP server ${props.server}`,
      entry: HANDLERS.authorizer,
      environment: {
        ISSUER: props.issuer,
        AUDIENCE: props.resource,
        SERVER_NAME: props.server,
        METADATA_URL: props.metadataUrl,
        TABLE_NAME: props.tableName,
      },
      memorySize: 512,
      // API Gateway waits 10 s (PLATFORM 3).
      timeout: Duration.seconds(9),
      statements: authorizerAccess(props.tableArn, props.server),
    })
    Validations.of(gate).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'Only API Gateway invokes it, and refuses the request when no answer comes: no event is left for a queue',
    })
    this.authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: gate.function,
      identitySources: [],
      // A cached policy would be reused for other paths and would outlive a revocation (PLATFORM 4).
      resultsCacheTtl: Duration.seconds(0),
    })
    // CDK writes an empty string for none (PLATFORM 23c); absent, the function sees requests without a token too.
    ;(this.authorizer.node.defaultChild as CfnAuthorizer).addPropertyDeletionOverride('IdentitySource')
  }
}
