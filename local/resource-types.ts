import { createHash } from 'node:crypto'
import { UnsupportedError } from './stack.ts'

export const REGION = 'us-east-1'
export const ACCOUNT = '000000000000'

/** A resource while its names are being given. */
export interface Naming {
  readonly stack: string
  readonly logicalId: string
  /** A property's resolved value where it is a string. */
  name(property: string): string | undefined
}

/** The names CloudFormation would give a resource of a type. */
interface ResourceType {
  /** Nothing on this machine stands for it: its properties are not looked at. */
  readonly ignored?: true
  /** `Ref`; absent: a generated identifier. */
  readonly ref?: (naming: Naming) => string
  /** `Fn::GetAtt`. */
  readonly attributes?: Readonly<Record<string, (naming: Naming) => string>>
}

const arn = (service: string, resource: string, region = REGION) =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`

/** Names are hashes of where the resource stands, so they survive restarts as CloudFormation's survive updates. */
export function generatedId({ stack, logicalId }: Pick<Naming, 'stack' | 'logicalId'>, length = 10): string {
  return BigInt(`0x${createHash('sha256').update(`${stack}/${logicalId}`).digest('hex')}`)
    .toString(36)
    .slice(0, length)
}

/** The name that the property gives, else one as CloudFormation makes it. */
const named = (property: string) => (naming: Naming) =>
  naming.name(property) ?? `${naming.stack}-${naming.logicalId.slice(0, 24)}-${generatedId(naming, 12)}`

const tableName = named('TableName')
const functionName = named('FunctionName')
const roleName = named('RoleName')
const ruleName = named('Name')
const logGroupName = named('LogGroupName')
const secretName = named('Name')
/** Lower case, 63 characters at the most; the identifier at its end must stay. */
const bucketName = (naming: Naming) =>
  naming.name('BucketName') ??
  `${`${naming.stack}-${naming.logicalId}`.toLowerCase().slice(0, 50)}-${generatedId(naming, 12)}`
const userPoolId = (naming: Naming) => `${REGION}_${generatedId(naming, 9)}`
const id = (naming: Naming) => generatedId(naming)

/** Every type of resource a factory synthesizes. A type that is not here stops the start with its name. */
const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  // api-gateway/, front.ts and api-gateway-account.ts
  'AWS::ApiGateway::Account': {},
  'AWS::ApiGateway::Authorizer': {},
  'AWS::ApiGateway::Deployment': { attributes: { DeploymentId: id } },
  'AWS::ApiGateway::GatewayResponse': {},
  'AWS::ApiGateway::Method': {},
  'AWS::ApiGateway::Resource': { attributes: { ResourceId: id } },
  'AWS::ApiGateway::RestApi': {
    attributes: {
      RestApiId: id,
      RootResourceId: ({ stack, logicalId }) => generatedId({ stack, logicalId: `${logicalId}/` }),
    },
  },
  'AWS::ApiGateway::Stage': { ref: named('StageName') },
  'AWS::ApiGatewayV2::Api': { attributes: { ApiId: id } },
  'AWS::ApiGatewayV2::ApiMapping': {},
  'AWS::ApiGatewayV2::DomainName': {
    ref: named('DomainName'),
    attributes: { RegionalDomainName: (naming) => `d-${id(naming)}.execute-api.${REGION}.amazonaws.com` },
  },
  'AWS::ApiGatewayV2::Integration': {},
  'AWS::ApiGatewayV2::Route': {},
  'AWS::ApiGatewayV2::Stage': { ref: named('StageName') },
  'AWS::Lambda::Permission': {},
  // sign-in.ts, which needs no domain, and has the sample people instead of a provider behind it
  'AWS::Cognito::UserPool': {
    ref: userPoolId,
    attributes: {
      Arn: (naming) => arn('cognito-idp', `userpool/${userPoolId(naming)}`),
      UserPoolId: userPoolId,
      ProviderName: (naming) => `cognito-idp.${REGION}.amazonaws.com/${userPoolId(naming)}`,
    },
  },
  'AWS::Cognito::UserPoolClient': { attributes: { ClientId: id } },
  'AWS::Cognito::UserPoolDomain': { ignored: true, ref: named('Domain') },
  'AWS::Cognito::UserPoolIdentityProvider': { ignored: true, ref: named('ProviderName') },
  // dynamodb.ts
  'AWS::DynamoDB::GlobalTable': {
    ref: tableName,
    attributes: { Arn: (naming) => tableArn(tableName(naming)) },
  },
  // event-bridge.ts
  'AWS::Events::Rule': { ref: ruleName, attributes: { Arn: (naming) => ruleArn(ruleName(naming)) } },
  'AWS::Lambda::EventInvokeConfig': {},
  // iam.ts
  'AWS::IAM::Policy': { ref: named('PolicyName') },
  'AWS::IAM::Role': {
    ref: roleName,
    attributes: { Arn: (naming) => roleArn(roleName(naming)) },
  },
  // lambda.ts
  'AWS::Lambda::Function': {
    ref: functionName,
    attributes: { Arn: (naming) => functionArn(functionName(naming)) },
  },
  'AWS::Lambda::LayerVersion': { ref: (naming) => arn('lambda', `layer:${id(naming)}:1`) },
  'AWS::Logs::LogGroup': {
    ref: logGroupName,
    attributes: { Arn: (naming) => arn('logs', `log-group:${logGroupName(naming)}:*`) },
  },
  // s3/
  'AWS::S3::Bucket': { ref: bucketName, attributes: { Arn: (naming) => bucketArn(bucketName(naming)) } },
  'AWS::S3::BucketPolicy': {},
  // secrets-manager.ts and rotation.ts
  'AWS::SecretsManager::RotationSchedule': {},
  'AWS::SecretsManager::Secret': { ref: (naming) => secretArn(secretName(naming)) },
  // custom-resource.ts
  'Custom::McpPolicy': {},
  'Custom::McpServer': {},
  // Says which constructs were used.
  'AWS::CDK::Metadata': { ignored: true },
}

export const bucketArn = (name: string) => `arn:aws:s3:::${name}`
export const functionArn = (name: string) => arn('lambda', `function:${name}`)
export const ruleArn = (name: string) => arn('events', `rule/${name}`)
export const roleArn = (name: string) => arn('iam', `role/${name}`, '')
export const tableArn = (name: string) => arn('dynamodb', `table/${name}`)

/** A secret's ARN ends in six characters that a policy names as `-??????`. */
export function secretArn(name: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6)
  return arn('secretsmanager', `secret:${name}-${suffix}`)
}

/** @throws UnsupportedError for a type that the runner does not know */
export function resourceType(type: string, where: string): ResourceType {
  const found = RESOURCE_TYPES[type]
  if (found === undefined) throw new UnsupportedError(`${where}: resource type ${type}`)
  return found
}
