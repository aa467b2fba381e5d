import { Command } from 'commander'
import { EXIT } from './command-failure.ts'
import { discover } from './doctor/discover.ts'
import { examine } from './doctor/examine.ts'
import { asker } from './doctor/exchange.ts'
import { countLevels, report } from './doctor/report.ts'
import { givenTokens, localTokens } from './doctor/token-source.ts'
import { findLocalFactory, localOrigin } from './local-factory.ts'

/** Milliseconds that one answer may take. */
const TIMEOUT = 5000

const HELP = () => `
Examples:
  $ npm run factory -- doctor ${localOrigin()}
  $ npm run factory -- doctor https://mcp.example.com
  $ npm run factory -- doctor https://mcp.example.com/productivity/mcp --token "$TOKEN"

Finds every server from the one URL (a hundred at most) and only reads. What takes a token (is the gate's answer kept? does
the server stream?) is checked with --token, and without it at the factory that npm start runs in this directory, where
a sample person signs in for it (and so has grants afterwards). A token is sent to the server that it is for and to no other.

green: as it should be.  amber: could not be seen, or is up to you.  red: clients will fail, or are not safe.

Exit codes: 0 nothing is red; 1 something is, or there is no factory; 2 wrong usage.`

interface Options {
  readonly token: readonly string[]
  readonly as: string
  readonly json?: true
}

/** `doctor`: what only a running factory can prove, local or deployed. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Checks a running factory from outside: discovery, challenge, gate, CORS, streaming')
    .argument('<url>', 'the issuer, or the URL of one server')
    .option('--token <token>', 'an access token for one of the servers; may be repeated', collect, [])
    .option('--as <person>', 'the sample person who signs in at the local factory', 'bob')
    .option('--json', 'the findings as JSON')
    .addHelpText('after', HELP)
    .action(doctor)
}

function collect(token: string, before: readonly string[]): readonly string[] {
  return [...before, token]
}

async function doctor(url: string, { token, as, json }: Options): Promise<void> {
  const given = givenTokens(token)
  const ask = asker(TIMEOUT)
  const local = findLocalFactory()
  const found = await discover(url, ask, local?.issuer)
  const tokens = local?.issuer === found.issuer && token.length === 0 ? localTokens(local, as) : given
  const findings = await examine(found, ask, tokens)
  const counts = countLevels(findings)
  const servers = found.servers.map(({ resource }) => resource)
  process.stdout.write(
    json
      ? `${JSON.stringify({ issuer: found.issuer, servers, counts, findings })}\n`
      : report(findings, process.stdout),
  )
  process.exitCode = counts.red > 0 ? EXIT.failed : EXIT.done
}
