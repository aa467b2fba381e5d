import { Command } from 'commander'
import { loadConfig } from '../../lib/load-config.ts'
import type { FactoryConfig } from '../../model/factory-config.ts'
import { serverStackName } from '../../model/names.ts'
import { type AbilityDeclaration, assertScopesUnique, offeredBy, scopesOf } from '../../model/skillset-declaration.ts'
import { CommandFailure, EXIT } from '../command-failure.ts'
import { declarationsOf, type ServerDeclaration } from '../declarations.ts'
import { type AbilityName, abilityName } from './ability-name.ts'
import { writeAddition } from './addition.ts'
import { addAbility } from './edit.ts'
import { curl, type Guidance, guidanceText } from './guidance.ts'
import { readProjectFile, SKILLSETS } from './project.ts'
import { abilitySource, abilityTestSource } from './sources.ts'

const HELP = `
Examples:
  $ npm run factory -- new ability productivity set_reminder
  $ npm run factory -- new ability productivity set_reminder --scope calendar:write
  $ npm run factory -- new ability devops restart_service --scope services:restart --privileged

Without --scope the ability gets a scope of its own, <server>:<name>. docs/abilities.md goes on from here.

Exit codes: 0 written; 1 something is there already, or an edit is left to you; 2 wrong usage or config.`

interface Options {
  readonly scope?: string
  readonly privileged?: boolean
  readonly json?: true
}

/** What goes unescaped into a source file and a shell's line; more (RFC 6749 §3.3) can be written by hand. */
const SCOPE = /^[A-Za-z0-9][A-Za-z0-9:._/-]*$/

export function newAbilityCommand(): Command {
  return new Command('ability')
    .description('Writes an ability of a server, its test, and its line in skillset.ts')
    .argument('<server>', "a server's name in factory.config.ts")
    .argument('<name>', "the MCP tool's name, such as set_reminder")
    .option('--scope <scope>', 'the OAuth scope it needs')
    .option('--privileged', 'only people whom the config names may hold the scope')
    .option('--json', 'what was written and what to do next as JSON')
    .addHelpText('after', HELP)
    .action(newAbility)
}

async function newAbility(server: string, given: string, { scope, privileged = false, json }: Options) {
  const name = abilityName(given)
  const config = await loadConfig(process.env)
  const skillset = skillsetOf(server, config)
  const declaration: AbilityDeclaration = {
    name: name.tool,
    title: name.title,
    scope: scope ?? `${server}:${name.file}`,
    level: privileged ? 'privileged' : 'everyday',
  }
  const isNewScope = assertFits(declaration, server, await declarationsOf(config))
  const path = `${SKILLSETS}/${skillset}/skillset.ts`
  assertFree(name, path)
  const test = `test/${SKILLSETS}/${skillset}/${name.file}.test.ts`
  const isNobodys =
    privileged &&
    config.servers[server]?.privileged === undefined &&
    config.servers[server]?.scopes?.[declaration.scope] === undefined
  const stack = serverStackName(config.stage, server)
  const { files, unfinished } = writeAddition({
    newFiles: [
      {
        path: `${SKILLSETS}/${skillset}/abilities/${name.file}.ts`,
        source: abilitySource({ name, scope: declaration.scope, privileged }),
        what: 'the ability: put into `run` what it does',
      },
      { path: test, source: abilityTestSource(skillset, name), what: 'its test' },
    ],
    edited: {
      path,
      edit: (source) => addAbility(source, name.identifier, name.file),
      what: ['its import', 'its place in the list'],
      byHand: `  import { ${name.identifier} } from './abilities/${name.file}.ts'\n  and ${name.identifier} in the list \`abilities\``,
    },
  })
  const guidance: Guidance = {
    files,
    test: `npm test -- ${test}`,
    call: curl(server, name.tool, privileged ? `--as bob --scope ${declaration.scope}` : '--as alice'),
    diff: 'npx cdk diff',
    stack,
    resources: [
      ...(isNewScope && !privileged
        ? ['the 401 challenge (a gateway response)', 'the protected-resource metadata', 'the deployment of both']
        : []),
      'the registration',
      'the code of its functions',
    ],
    notes: isNobodys
      ? [`Nobody may hold ${declaration.scope} until servers.${server}.privileged in factory.config.ts names somebody.`]
      : [],
  }
  console.log(json ? JSON.stringify(guidance) : guidanceText(guidance))
  if (unfinished) throw unfinished
}

/** @throws CommandFailure listing the servers there are, or where the server's tools are not written here */
function skillsetOf(server: string, { servers }: FactoryConfig): string {
  const found = Object.hasOwn(servers, server) ? servers[server] : undefined
  const own = Object.entries(servers).flatMap(([name, each]) => ('proxy' in each ? [] : [name]))
  if (found === undefined || 'proxy' in found)
    throw new CommandFailure(
      `server: found ${JSON.stringify(server)}${found ? ', a proxy, whose tools are elsewhere' : ''}; allowed: one of ${own.join(', ')}, or first: npm run factory -- new server <name>`,
      EXIT.wrongUsage,
    )
  return found.skillset
}

/**
 * Asks the rules of synth before anything is written.
 * @throws CommandFailure, SkillsetError
 * @returns whether its scope is a new one
 */
function assertFits(ability: AbilityDeclaration, to: string, servers: readonly ServerDeclaration[]): boolean {
  if (!SCOPE.test(ability.scope))
    throw new CommandFailure(
      `--scope: found ${JSON.stringify(ability.scope)}; allowed: letters, digits and : . _ / -, such as calendar:write`,
      EXIT.wrongUsage,
    )
  if (servers.some((each) => each.server === to && offeredBy(each).some(({ name }) => name === ability.name)))
    throw new CommandFailure(
      `name: found ${ability.name}; ${to} has an ability or a prompt of that name already. Choose another.`,
    )
  assertScopesUnique(
    servers.map((each) => ({
      name: each.server,
      skillset: each.name,
      scopes: scopesOf(each.server === to ? { ...each, abilities: [...each.abilities, ability] } : each),
    })),
  )
  return !servers.some((each) => offeredBy(each).some(({ scope }) => scope === ability.scope))
}

/** @throws CommandFailure where the skillset has something else of that name */
function assertFree({ identifier }: AbilityName, path: string): void {
  if (new RegExp(`\\b${identifier}\\b`).test(readProjectFile(path)))
    throw new CommandFailure(`${path} has something named ${identifier} already. Choose another name.`)
}
