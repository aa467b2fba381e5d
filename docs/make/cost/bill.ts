import { COGNITO_FREE, PRICES } from '../prices.ts'
import { ASSUMED } from './assumptions.ts'
import { type Calls, COUNTED, type Deed } from './counted-calls.ts'
import type { Deployment } from './deployment.ts'

/** Dollars by what they are paid for. */
export type Bill = Readonly<Record<string, number>>

export interface Load {
  readonly deeds: Readonly<Record<Deed, number>>
  readonly people: number
}

const MINUTES_PER_MONTH = 43_800
/** By an instance of the OAuth function that is never idle: every ten seconds. */
const KEY_READS_PER_MONTH = 6 * MINUTES_PER_MONTH

/** What a number of people cause in a month. */
export function loadOf(people: number): Load {
  const days = people * ASSUMED.workingDays
  return {
    people,
    deeds: {
      connection: people * ASSUMED.connectionsPerMonth,
      // A list of tools costs what a call costs, at most.
      call: days * (ASSUMED.toolCallsPerDay + ASSUMED.otherRequestsPerDay),
      refresh: days * ASSUMED.refreshesPerDay,
    },
  }
}

/** What is billed for deeds alone. */
export function billOfDeeds(deeds: Load['deeds'], deployment: Deployment): Bill {
  const total = (key: keyof Calls) =>
    Object.entries(deeds).reduce((sum, [deed, times]) => sum + times * COUNTED[deed as Deed][key], 0)
  const { duration, readsAgain } = ASSUMED
  const gigabyteSeconds = (['gate', 'skillset', 'oauth'] as const).reduce(
    (sum, name) => sum + total(name) * duration[name] * (deployment.memory[name] / 1024),
    0,
  )
  const reads = total('reads') + total('gate') * readsAgain.gate + total('oauth') * readsAgain.oauth
  const requests = total('httpApi') + total('restApi')
  const log = requests * ASSUMED.logPerRequest
  return {
    'API Gateway': total('httpApi') * unit('httpApiRequest') + total('restApi') * unit('restApiRequest'),
    Lambda:
      (total('gate') + total('skillset') + total('oauth')) * unit('lambdaRequest') +
      gigabyteSeconds * unit('lambdaGigabyteSecond'),
    DynamoDB:
      reads * ASSUMED.readUnits * unit('dynamoDbRead') + total('writes') * ASSUMED.writeUnits * unit('dynamoDbWrite'),
    'X-Ray': requests * unit('trace'),
    'CloudWatch Logs': log * unit('logIngested') + log * ASSUMED.logMonthsKept * unit('logStored'),
  }
}

/** A month of a deployment. */
export function billOf(load: Load, deployment: Deployment): Bill {
  const deeds = billOfDeeds(load.deeds, deployment)
  const jobs = deployment.jobs.map(({ everyMinutes, memory }) => ({ runs: MINUTES_PER_MONTH / everyMinutes, memory }))
  const runs = jobs.reduce((sum, job) => sum + job.runs, 0)
  const jobSeconds = jobs.reduce((sum, job) => sum + job.runs * ASSUMED.duration.job * (job.memory / 1024), 0)
  const stored = load.people * ASSUMED.gigabytesPerPerson
  return {
    ...deeds,
    Lambda: (deeds.Lambda ?? 0) + runs * unit('lambdaRequest') + jobSeconds * unit('lambdaGigabyteSecond'),
    DynamoDB:
      (deeds.DynamoDB ?? 0) +
      // A run of a job reads the newest and writes what it found.
      runs * (ASSUMED.readUnits * unit('dynamoDbRead') + ASSUMED.writeUnits * unit('dynamoDbWrite')) +
      stored * (unit('dynamoDbStorage') + unit('pointInTimeRecovery')),
    'X-Ray': (deeds['X-Ray'] ?? 0) + runs * unit('trace'),
    'Secrets Manager':
      deployment.secrets * unit('secret') + ASSUMED.awakeInstances * KEY_READS_PER_MONTH * unit('secretRequest'),
    Cognito: Math.max(0, load.people - COGNITO_FREE.social) * unit('cognitoSocial'),
  }
}

export function sumOf(bill: Bill): number {
  return Object.values(bill).reduce((sum, dollars) => sum + dollars, 0)
}

/** The price of one. */
function unit(name: keyof typeof PRICES): number {
  return PRICES[name].shown / PRICES[name].for
}
