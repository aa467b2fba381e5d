import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'

/**
 * A table whose items outlive their stack: on-demand, `pk` and `sk`, TTL in `expiresAt`, point-in-time recovery,
 * deletion protection. Its name is generated: with a fixed one, the retry of a failed first create would find the
 * retained table in its way (PLATFORM 23c).
 */
export class RetainedTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }
}
