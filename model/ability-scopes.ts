/** In a registration: every tool that is not named. Only a proxy has it; what tools stand behind it is not known at synth. */
export const EVERY_OTHER_TOOL = '*'

/**
 * The scope that a tool needs.
 * @param abilities of the registration: scope by tool
 * @returns undefined for a tool that the server does not have
 */
export function scopeOfTool(abilities: Readonly<Record<string, string>>, tool: string): string | undefined {
  return Object.hasOwn(abilities, tool) ? abilities[tool] : abilities[EVERY_OTHER_TOOL]
}
