import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { FactoryFunction } from '../function.ts'
import { RetainedTable } from '../retained-table.ts'
import type { NeedTarget } from './need-target.ts'

/** A data table of the server's own, retained. It is keyed by tenant (`tenantKey`); nobody may Scan it. */
export function provideTable({ scope }: NeedTarget, functions: readonly FactoryFunction[]): void {
  const table = new RetainedTable(scope, 'Data')
  for (const each of functions) {
    each.function.addEnvironment('TABLE_NAME', table.tableName)
    each.allow(
      new PolicyStatement({
        sid: 'UseOwnTable',
        actions: [
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:Query',
          'dynamodb:BatchGetItem',
        ],
        resources: [table.tableArn],
      }),
    )
  }
}
