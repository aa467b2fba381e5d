import { Command } from 'commander'
import { newAbilityCommand } from './new/ability-command.ts'
import { newServerCommand } from './new/server-command.ts'

/** `new ability`, `new server`: files to begin with, which pass `npm run check` and their own test as they are. */
export function newCommand(): Command {
  return new Command('new')
    .description('Writes what an ability or a server begins with')
    .addCommand(newAbilityCommand())
    .addCommand(newServerCommand())
}
