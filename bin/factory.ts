import { Command, CommanderError } from 'commander'
import { CommandFailure, EXIT } from '../cli/command-failure.ts'
import { secretsCommand } from '../cli/secrets.ts'
import { ConfigError } from '../model/config-error.ts'

/** The command line: `npm run factory -- <command>`. Each command is a file below cli/. */
const program = new Command('factory')
  .description('What a factory of MCP servers needs besides cdk deploy')
  .usage('<command> [options]')
  .showHelpAfterError('(--help says how)')
program.addCommand(secretsCommand().copyInheritedSettings(program))

/** Commander leaves the process itself, with 1 for everything: told not to, it throws, subcommands included. */
function throwInstead(command: Command): void {
  command.exitOverride()
  command.commands.forEach(throwInstead)
}

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
  if (error instanceof ConfigError) {
    console.error(error.message)
    return EXIT.wrongUsage
  }
  throw error
}
