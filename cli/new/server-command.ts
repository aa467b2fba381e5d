import { Command } from 'commander'
import { loadConfig } from '../../lib/load-config.ts'
import { configPath } from '../../local/config.ts'
import { isReservedName, RESERVED_SERVER_NAMES, SERVER_NAME, serverStackName } from '../../model/names.ts'
import { CommandFailure, EXIT } from '../command-failure.ts'
import { abilityName, capitalized } from './ability-name.ts'
import { writeAddition } from './addition.ts'
import { addServer, serverEntry } from './edit.ts'
import { curl, type Guidance, guidanceText } from './guidance.ts'
import { projectPath, SKILLSETS } from './project.ts'
import { abilitySource, abilityTestSource, HANDLER_SOURCE, skillsetSource } from './sources.ts'

const HELP = `
Examples:
  $ npm run factory -- new server notes
  $ npm run factory -- new server field-service --title "Field service"

The server is a stack of its own; whom it admits is said in factory.config.ts. docs/abilities.md goes on from here.

Exit codes: 0 written; 1 something is there already, or an edit is left to you; 2 wrong usage or config.`

/** What goes unescaped into a source file. */
const TITLE = /^(?=.{1,60}$)[^\p{C}"\\]+$/u

export function newServerCommand(): Command {
  return new Command('server')
    .description('Writes a skillset with one ability, its test, and its server in factory.config.ts')
    .argument('<name>', "the server's name: a segment of its URL")
    .option('--title <title>', 'its name for people')
    .option('--json', 'what was written and what to do next as JSON')
    .addHelpText('after', HELP)
    .action(newServer)
}

async function newServer(name: string, options: { readonly title?: string; readonly json?: true }): Promise<void> {
  const config = await loadConfig(process.env)
  assertUsable(name, Object.keys(config.servers))
  const { title = capitalized(name.replaceAll('-', ' ')), json } = options
  if (!TITLE.test(title))
    throw new CommandFailure(
      `--title: found ${JSON.stringify(title)}; allowed: at most 60 characters, no double quote, no backslash`,
      EXIT.wrongUsage,
    )
  const ability = abilityName('say_back')
  const folder = `${SKILLSETS}/${name}`
  const test = `test/${folder}/${ability.file}.test.ts`
  const stack = serverStackName(config.stage, name)
  const { files, unfinished } = writeAddition({
    newFiles: [
      {
        path: `${folder}/skillset.ts`,
        source: skillsetSource(name, title, ability),
        what: 'the skillset: what its abilities need, and which they are',
      },
      { path: `${folder}/handler.ts`, source: HANDLER_SOURCE, what: 'its Lambda handler' },
      {
        path: `${folder}/abilities/${ability.file}.ts`,
        source: abilitySource({ name: ability, scope: `${name}:${ability.file}`, privileged: false }),
        what: 'an ability: put into `run` what it does',
      },
      { path: test, source: abilityTestSource(name, ability), what: 'its test' },
    ],
    edited: {
      path: projectPath(configPath(process.env)),
      edit: (source) => addServer(source, name),
      what: ['the server'],
      byHand: `  ${serverEntry(name)}\n  in \`servers\``,
    },
  })
  const guidance: Guidance = {
    files,
    test: `npm test -- ${test}`,
    call: curl(name, ability.tool, '--as alice'),
    diff: 'npx cdk diff',
    stack,
    resources: ['all of it is new'],
    notes: [`Whoever the connection admits may use it, until servers.${name}.access in factory.config.ts says who.`],
  }
  console.log(json ? JSON.stringify(guidance) : guidanceText(guidance))
  if (unfinished) throw unfinished
}

/** @throws CommandFailure saying what a server's name may be */
function assertUsable(name: string, servers: readonly string[]): void {
  const refuse = (allowed: string, exitCode: number = EXIT.wrongUsage) =>
    new CommandFailure(`name: found ${JSON.stringify(name)}; allowed: ${allowed}`, exitCode)
  if (!SERVER_NAME.test(name)) throw refuse('2 to 32 lower-case letters, digits and hyphens, a letter first')
  if (isReservedName(name))
    throw refuse(`any but ${RESERVED_SERVER_NAMES.join(', ')}, where the factory itself answers`)
  if (servers.includes(name)) throw refuse(`any but those there are: ${servers.join(', ')}`, EXIT.failed)
}
