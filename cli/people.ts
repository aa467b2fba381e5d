import { Command } from 'commander'
import type { Store } from '../lambdas/store/store.ts'
import { emailDomain } from '../model/person.ts'
import type { Act } from './audited-act.ts'
import { CommandFailure, EXIT } from './command-failure.ts'
import { withFactoryStore } from './factory-store.ts'
import { blockPerson, listHoldings, revokePerson, unblockPerson } from './people-acts.ts'
import { writtenBlock, writtenHoldings, writtenRevocation, writtenUnblock } from './people-text.ts'

const HELP = `
Examples:
  $ npm run factory -- people grants alice@example.com
  $ npm run factory -- people revoke alice@example.com
  $ npm run factory -- people block alice@example.com --local
  $ npm run --silent factory -- people unblock alice@example.com --json

Everything acts within ten seconds: at the next call of a server, the next refresh, the next page. A block stands until
unblock, also for somebody who has never signed in. What was ended stays ended: people sign in and allow access again.
What is done here, and by whom, is recorded in the table first (docs/audit.md).

The factory is the deployed one of the config's stage (AWS_PROFILE, AWS_REGION; cloudformation:DescribeStacks, and
dynamodb:GetItem, BatchGetItem, Query, PutItem, UpdateItem, DeleteItem on its table), with --local the one that npm start
runs in this directory.

Exit codes: 0 done; 1 not done, or not all of it: try again; 2 wrong usage or config.`

interface Options {
  readonly local?: boolean
  readonly json?: true
}

/** `people`: what an administrator can look at and end, by a person's email address. */
export function peopleCommand(): Command {
  const people = new Command('people')
    .description('Blocks people, lists what they have allowed, and ends it')
    .addHelpText('after', HELP)
  const act = <Result>(
    name: string,
    description: string,
    perform: (store: Store, email: string) => Promise<Result>,
    written: (email: string, result: Result) => string,
    audited?: Act,
  ) =>
    people
      .command(name)
      .description(description)
      .argument('<email>', "the person's address at the identity provider")
      .option('--local', 'in the factory that npm start runs in this directory')
      .option('--json', 'as JSON')
      .addHelpText('after', HELP)
      .action(async (given: string, { local = false, json }: Options) => {
        const email = readEmail(given)
        const unfinished = `people ${name} ${email} could not be finished: it can be repeated.`
        const result = await withFactoryStore(local, unfinished, (store, record) =>
          audited ? record(audited, { email }, () => perform(store, email)) : perform(store, email),
        )
        console.log(json ? JSON.stringify({ email, ...result }) : written(email, result))
      })
  act(
    'grants',
    'Lists the applications with access in their name, and their browser sessions',
    listHoldings,
    writtenHoldings,
  )
  act('revoke', 'Ends all of that', revokePerson, writtenRevocation, 'person.revoked')
  act('block', 'Ends all of that, and refuses the person until unblock', blockPerson, writtenBlock, 'person.blocked')
  act('unblock', 'Lets a blocked person sign in again', unblockPerson, writtenUnblock, 'person.unblocked')
  return people
}

/** @throws CommandFailure */
function readEmail(given: string): string {
  const email = given.toLowerCase()
  if (emailDomain(email) === undefined)
    throw new CommandFailure(`<email>: found ${given}; allowed: an address such as alice@example.com`, EXIT.wrongUsage)
  return email
}
