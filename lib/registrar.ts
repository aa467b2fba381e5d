import { Duration, Stack, Validations } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { physicalName } from '../model/names.ts'
import { registrarAccess } from './factory-table-access.ts'
import { FactoryFunction, type FunctionSettings } from './function.ts'
import { HANDLERS } from './handlers.ts'
import type { RetainedTable } from './retained-table.ts'

export interface RegistrarProps {
  readonly settings: FunctionSettings
  readonly stage: string
  readonly table: RetainedTable
}

/** The one writer of rules and registrations. Its name is fixed: a ServiceToken cannot change (PLATFORM 23d). */
export class Registrar extends FactoryFunction {
  constructor(scope: Construct, id: string, { settings, stage, table }: RegistrarProps) {
    super(scope, id, {
      settings,
      service: 'registrar',
      description: 'Writes access rules and server registrations for CloudFormation',
      functionName: physicalName(stage, 'registrar'),
      entry: HANDLERS.registrar,
      environment: { TABLE_NAME: table.tableName, AUTHORIZATION_STACK: Stack.of(scope).stackName },
      memorySize: 256,
      timeout: Duration.seconds(60),
      statements: registrarAccess(table.tableArn),
    })
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'CloudFormation waits for its answer and rolls the deployment back without one: an event kept in a queue would answer nobody',
    })
  }
}
