import { type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  type Architecture,
  type CfnFunction,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Bundles } from './bundles.ts'
import { environmentSize, MOST_ENVIRONMENT_BYTES } from './environment-size.ts'

/** What all functions of a factory have in common. */
export interface FunctionSettings {
  readonly architecture: Architecture
  readonly tracing: boolean
  readonly logRetention: RetentionDays
  readonly bundles: Bundles
  /** For this machine: the context value `origin` is present. */
  readonly local: boolean
}

export interface FactoryFunctionProps {
  readonly settings: FunctionSettings
  /** Names it in logs and metrics. */
  readonly service: string
  readonly description: string
  /** The handler's file, below the project's root. */
  readonly entry: string
  /** Put beside its bundle, by name. */
  readonly files?: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly memorySize: number
  readonly timeout: Duration
  readonly statements: readonly PolicyStatement[]
  /** Only where something outside the stack must know it. */
  readonly functionName?: string
}

/**
 * A Lambda function with a role and a log group of its own. The role has exactly the statements it is given, its own
 * log group and, with tracing, X-Ray; no managed policy.
 */
export class FactoryFunction extends Construct {
  readonly function: LambdaFunction
  readonly role: Role

  constructor(scope: Construct, id: string, props: FactoryFunctionProps) {
    super(scope, id)
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.settings.logRetention,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    })
    this.allow(
      new PolicyStatement({
        sid: 'WriteOwnLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      ...props.statements,
    )
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      functionName: props.functionName,
      code: props.settings.bundles.code(props.entry, props.files),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: props.settings.architecture,
      memorySize: props.memorySize,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      tracing: props.settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        ...props.environment,
        POWERTOOLS_SERVICE_NAME: props.service,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        NODE_OPTIONS: '--enable-source-maps',
      },
    })
    Validations.of(this).acknowledge(
      props.settings.tracing
        ? {
            id: 'AwsSolutions-IAM5[Resource::*]',
            reason: 'X-Ray knows no resources: PutTraceSegments and PutTelemetryRecords, which CDK adds, take * alone',
          }
        : { id: 'Serverless-LambdaTracing', reason: 'Off on one machine alone, where nobody takes traces' },
    )
    this.node.addValidation({ validate: () => this.tooLargeEnvironment() })
  }

  /** Adds statements to the function's role. */
  allow(...statements: readonly PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPrincipalPolicy(statement)
  }

  /** Lambda takes 4 KB; nothing at synth would say so before the deployment fails (PLATFORM 20). */
  private tooLargeEnvironment(): string[] {
    const size = environmentSize(Stack.of(this).resolve((this.function.node.defaultChild as CfnFunction).environment))
    return size < MOST_ENVIRONMENT_BYTES
      ? []
      : [
          `The environment has about ${size} bytes; allowed: less than ${MOST_ENVIRONMENT_BYTES}. Shorten what the config says of its server.`,
        ]
  }
}
