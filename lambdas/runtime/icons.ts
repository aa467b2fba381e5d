import type { Icon } from '@modelcontextprotocol/server'
import { SkillsetError } from '../../model/skillset-declaration.ts'

/**
 * Icons as lists show them. Clients load them without asking anybody.
 * @param owner whose they are, for the message
 * @throws SkillsetError for an icon that is elsewhere than clients may load it from
 */
export function checkedIcons(owner: string, icons: Icon[] | undefined): { icons?: Icon[] } {
  for (const { src } of icons ?? [])
    if (!/^data:image\//i.test(src) && !(URL.canParse(src) && new URL(src).protocol === 'https:'))
      throw new SkillsetError(
        `${owner}: an icon's src: found ${JSON.stringify(src.slice(0, 80))}; allowed: an https URL, or a data URI of an image`,
      )
  return icons === undefined ? {} : { icons }
}
