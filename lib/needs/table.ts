import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { RetainedTable } from '../retained-table.ts'
import type { NeedTarget } from './need-target.ts'

/** A data table of the server's own, retained. Abilities key it by tenant (`tenantKey`); nobody may Scan it. */
export function provideTable({ scope, function: skillset }: NeedTarget): void {
  const table = new RetainedTable(scope, 'Data')
  skillset.function.addEnvironment('TABLE_NAME', table.tableName)
  skillset.allow(
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
