import { Command, CommanderError } from 'commander'
import { CommandFailure, EXIT } from '../cli/command-failure.ts'
import { ConfigError } from '../model/config-error.ts'
import { SkillsetError } from '../model/skillset-declaration.ts'

/** Each is a file below cli/, which is loaded when it is asked for: they bring an MCP client and the AWS SDK along. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  clients: async () => (await import('../cli/clients.ts')).clientsCommand(),
  connect: async () => (await import('../cli/connect.ts')).connectCommand(),
  doctor: async () => (await import('../cli/doctor.ts')).doctorCommand(),
  keys: async () => (await import('../cli/keys.ts')).keysCommand(),
  new: async () => (await import('../cli/new.ts')).newCommand(),
  outputs: async () => (await import('../cli/outputs.ts')).outputsCommand(),
  people: async () => (await import('../cli/people.ts')).peopleCommand(),
  'sample-data': async () => (await import('../cli/sample-data.ts')).sampleDataCommand(),
  secrets: async () => (await import('../cli/secrets.ts')).secretsCommand(),
  token: async () => (await import('../cli/token.ts')).tokenCommand(),
}

/** The command line: `npm run factory -- <command>`. */
const program = new Command('factory')
  .description('What a factory of MCP servers needs besides cdk deploy')
  .usage('<command> [options]')
  .showHelpAfterError('(--help says how)')
const [asked = ''] = process.argv.slice(2)
const load = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS)
for (const command of load) if (command) program.addCommand((await command()).copyInheritedSettings(program))

/** Commander leaves the process itself, with 1 for everything: told not to, it throws, subcommands included. */
function throwInstead(command: Command): void {
  command.exitOverride()
  command.commands.forEach(throwInstead)
}

/** Whoever read has left (`| head`): nothing is wrong. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  throwInstead(program)
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}

/** Says what went wrong, as far as that was not said; a stack trace is for faults of this program alone. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage
  if (error instanceof CommandFailure) {
    console.error(error.message)
    return error.exitCode
  }
  if (error instanceof ConfigError || error instanceof SkillsetError) {
    console.error(error.message)
    return EXIT.wrongUsage
  }
  throw error
}
