/** In a registration: every tool that is not named. Only a proxy has it; what tools stand behind it is not known at synth. */
export const EVERY_OTHER_TOOL = '*'

/** What a server may cut off or pass over, so that the rest is another name. */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}]|^\s|\s$/u

/**
 * The scope that a tool needs. A name that a server could take for a listed one, by another case or another form of its
 * letters, is no other tool: its scope could be the lesser one.
 * @param abilities of the registration: scope by tool
 * @returns undefined for a tool that the server does not have
 */
export function scopeOfTool(abilities: Readonly<Record<string, string>>, tool: string): string | undefined {
  if (Object.hasOwn(abilities, tool)) return abilities[tool]
  const others = abilities[EVERY_OTHER_TOOL]
  if (others === undefined || UNSEEN.test(tool)) return undefined
  return Object.keys(abilities).some((listed) => folded(listed) === folded(tool)) ? undefined : others
}

/** Upper case first: `ſ` is no `s` in lower case. */
function folded(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase()
}
