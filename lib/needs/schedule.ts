import { Duration, Validations } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { Need } from '../../model/skillset-declaration.ts'
import { FactoryFunction } from '../function.ts'
import { jobHandler } from '../handlers.ts'
import type { NeedTarget } from './need-target.ts'

/** A run that could not begin is of no use later: the next one comes by itself. The shortest age that AWS takes. */
const DELIVERY = { maxEventAge: Duration.minutes(1), retryAttempts: 0 }

/**
 * A job of a skillset: a function and a role of its own, run by an EventBridge rule. A run ends before the next begins,
 * so two never overlap; reserved concurrency would ensure the same and cannot be had in accounts whose limit is low.
 */
export function addJob(
  { scope, environment, files, settings, server }: NeedTarget,
  skillset: string,
  { name, everyMinutes }: Extract<Need, { kind: 'schedule' }>,
): FactoryFunction {
  const interval = Duration.minutes(everyMinutes)
  const job = new FactoryFunction(scope, `Job-${name}`, {
    settings,
    service: `${server}-${name}`,
    description: `Job ${name} of the MCP server ${server}`,
    entry: jobHandler(skillset, name),
    files,
    environment,
    memorySize: 256,
    timeout: Duration.seconds(Math.min(interval.toSeconds() - 10, Duration.minutes(15).toSeconds())),
    statements: [],
  })
  job.function.configureAsyncInvoke(DELIVERY)
  new Rule(job, 'Rule', {
    description: `Runs the job ${name} of the MCP server ${server}`,
    schedule: Schedule.rate(interval),
    targets: [new LambdaFunction(job.function, DELIVERY)],
  })
  for (const id of ['Serverless-LambdaDLQ', 'Serverless-LambdaAsyncFailureDestination', 'Serverless-EventBusDLQ'])
    Validations.of(job).acknowledge({ id, reason: 'The next run does what this one did not: nothing is left to keep' })
  return job
}
