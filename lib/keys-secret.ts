import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { FactoryConfig } from '../model/factory-config.ts'
import { keyRotationAccess } from './factory-table-access.ts'
import { FactoryFunction, type FunctionSettings } from './function.ts'
import { HANDLERS } from './handlers.ts'
import type { RetainedTable } from './retained-table.ts'

const ROTATION_DAYS = 30

export interface KeysSecretProps {
  readonly settings: FunctionSettings
  readonly table: RetainedTable
  readonly lifetimes: FactoryConfig['lifetimes']
}

/**
 * The authorization server's private keys and the function that makes and rotates them. The secret begins as a random
 * placeholder; its first rotation, at creation, makes the first keys. Retained: without it every token and grant ends.
 */
export class KeysSecret extends Construct {
  readonly secretArn: string

  constructor(scope: Construct, id: string, { settings, table, lifetimes }: KeysSecretProps) {
    super(scope, id)
    const secret = new Secret(this, 'Secret', {
      description: 'Signing, sealing and refresh-token keys of the authorization server',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.secretArn = secret.secretArn
    const rotation = new FactoryFunction(this, 'Rotation', {
      settings,
      service: 'key-rotation',
      description: 'Makes and rotates the keys of the authorization server',
      entry: HANDLERS.keyRotation,
      environment: {
        TABLE_NAME: table.tableName,
        ACCESS_TOKEN_LIFETIME: String(lifetimes.accessToken),
        REFRESH_ABSOLUTE_LIFETIME: String(lifetimes.refreshAbsolute),
      },
      memorySize: 256,
      timeout: Duration.seconds(60),
      statements: [
        ...keyRotationAccess(table.tableArn),
        new PolicyStatement({
          sid: 'RotateKeys',
          actions: [
            'secretsmanager:DescribeSecret',
            'secretsmanager:GetSecretValue',
            'secretsmanager:PutSecretValue',
            'secretsmanager:UpdateSecretVersionStage',
          ],
          resources: [secret.secretArn],
        }),
      ],
    })
    Validations.of(rotation).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'Secrets Manager holds what a rotation has to do as the secret’s AWSPENDING version, tries it again and reports a failed one',
    })
    rotation.function.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
    })
    // The L2 schedule would give the role GetRandomPassword on everything and a second set of statements.
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.secretArn,
      rotationLambdaArn: rotation.function.functionArn,
      rotationRules: { automaticallyAfterDays: ROTATION_DAYS },
      rotateImmediatelyOnUpdate: true,
    })
    // The first rotation begins while the stack is still made: role and permission must be there.
    schedule.node.addDependency(rotation)
  }

  /** What the authorization server needs to read its keys. */
  readStatement(): PolicyStatement {
    return new PolicyStatement({
      sid: 'ReadKeys',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [this.secretArn],
    })
  }
}
