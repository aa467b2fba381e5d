import { randomUUID } from 'node:crypto'
import { Command, Option } from 'commander'
import { compromisedPurposes, compromisedToken, KEY_PURPOSES, type KeyPurpose } from '../model/rotation-token.ts'
import { ask } from './ask.ts'
import { CommandFailure, EXIT } from './command-failure.ts'
import { withFactoryStore } from './factory-store.ts'
import { type ListedKey, listKeys } from './keys-list.ts'
import { rotateKeys } from './keys-rotation.ts'
import { findKeysSecret, type KeysSecret } from './keys-secret.ts'

const HELP = `
Examples:
  $ npm run factory -- keys list
  $ npm run factory -- keys rotate
  $ npm run factory -- keys rotate --compromised signing
  $ npm run factory -- keys rotate --compromised --yes --local

A rotation ends nothing for anybody: the new keys are used five minutes later, the old ones are kept for what they made.
Secrets Manager rotates every 30 days by itself. --compromised removes keys at once, and what they made with them.

Account and region are those of the AWS environment (AWS_PROFILE, AWS_REGION), the stage is the config's. Needed are
cloudformation:DescribeStacks on the authorization stack; on its secret secretsmanager:DescribeSecret, RotateSecret and
UpdateSecretVersionStage, for list GetSecretValue; lambda:InvokeFunction on the rotation function; to rotate
dynamodb:PutItem on the factory table, which records first who does it (docs/audit.md).

Exit codes: 0 done; 1 not done; 2 wrong usage or config.`

/** Seconds: four steps of the rotation function, each of which Secrets Manager repeats when it fails. */
const PATIENCE = 120

/** What ends with the keys of a purpose, for whoever is about to remove them. */
const CONSEQUENCES: Readonly<Record<KeyPurpose, string>> = {
  signing:
    'signing: access tokens issued until now are refused within 10 s; clients fetch new ones with their refresh tokens.',
  sealing: 'sealing: sign-ins under way, and codes not yet redeemed, end; those people start again.',
  refresh: 'refresh: every grant ends when its access token does; everybody signs in again, in every client.',
}

interface Options {
  readonly local?: boolean
  readonly json?: true
  readonly yes?: boolean
  /** True for all purposes. */
  readonly compromised?: KeyPurpose | true
}

/** `keys`: what the authorization server signs, seals and vouches with. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('Keys of the authorization server').addHelpText('after', HELP)
  keys
    .command('list')
    .description('Lists ids, purposes and times, never a key')
    .option('--local', 'of the factory that npm start runs in this directory')
    .option('--json', 'as JSON')
    .action(printKeys)
  keys
    .command('rotate')
    .description('Makes new keys now')
    .addOption(
      new Option('--compromised [purpose]', 'removes the old keys at once; without a purpose all of them').choices([
        ...KEY_PURPOSES,
      ]),
    )
    .option('--yes', 'does not ask before keys are removed')
    .option('--local', 'of the factory that npm start runs in this directory')
    .addHelpText('after', HELP)
    .action(rotate)
  return keys
}

async function printKeys({ local = false, json }: Options): Promise<void> {
  const keys = await listKeys(await findKeysSecret(local), Date.now() / 1000)
  process.stdout.write(json ? `${JSON.stringify(keys)}\n` : written(keys))
}

async function rotate({ local = false, yes = false, compromised }: Options): Promise<void> {
  const secret = await findKeysSecret(local)
  if (compromised === undefined) {
    await recorded(local, [], () => rotateKeys(secret, randomUUID(), { abandon: false, patience: PATIENCE }))
    console.error('Rotated. Nothing ends; the new keys are used in five minutes. (keys list shows them.)')
    return
  }
  await removeKeys(secret, compromised === true ? 'all' : compromised, yes, local)
}

async function removeKeys(
  secret: KeysSecret,
  purpose: KeyPurpose | 'all',
  yes: boolean,
  local: boolean,
): Promise<void> {
  const token = compromisedToken(purpose, randomUUID())
  const removed = compromisedPurposes(token)
  console.error(
    `Removes at once every key for:\n${removed.map((each) => `  ${CONSEQUENCES[each]}`).join('\n')}\n` +
      'For up to ten seconds instances of the authorization server go on with the old keys.',
  )
  if (!yes) await confirm()
  await recorded(local, removed, () => rotateKeys(secret, token, { abandon: true, patience: PATIENCE }))
  console.error(`Removed, and new keys made: ${removed.join(', ')}.`)
}

function recorded(local: boolean, compromised: readonly KeyPurpose[], rotation: () => Promise<void>): Promise<void> {
  return withFactoryStore(local, 'The keys were not rotated.', (_store, audited) =>
    audited('keys.rotation_requested', { compromised: compromised.join(' ') }, rotation),
  )
}

/** @throws CommandFailure where nobody can be asked, or who was asked left */
async function confirm(): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandFailure(
      'Nothing was done: --yes says that you mean it, where nobody can be asked.',
      EXIT.wrongUsage,
    )
  await ask(
    { input: process.stdin, output: process.stderr },
    {
      text: 'Type remove to go on (Ctrl-C leaves): ',
      wrong: (answer) => (answer === 'remove' ? undefined : 'Nothing was done yet.'),
    },
  )
}

function written(keys: readonly ListedKey[]): string {
  const rows = [
    ['PURPOSE', 'STATE', 'USED FROM', 'KEPT UNTIL', 'KEY ID'],
    ...keys.map(({ purpose, state, from, until, kid }) => [purpose, state, from, until ?? '-', kid]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
