import { Markup, markup } from '../../model/markup.ts'

/** Text whose URLs and paths, where they do not fit a line, go on in the next after what separates their parts. */
export function withBreaks(text: string): Markup {
  return markup`${text.split(/(?<=[^:/]\/|[?&=])(?!\/)/).map((part, at) => markup`${at > 0 && new Markup('<wbr>')}${part}`)}`
}
