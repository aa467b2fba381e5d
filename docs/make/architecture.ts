import { bandOf } from './architecture/bands.ts'
import type { Band } from './architecture/diagram.ts'
import { draw } from './architecture/draw.ts'
import type { Made } from './generators.ts'
import { synthesizedStacks } from './synthesized-stacks.ts'

/** The picture of the stacks that the config as shipped has, out of their templates and nothing else. */
export async function make(): Promise<Made> {
  const bands = (await synthesizedStacks()).map(bandOf)
  return { 'docs/architecture.svg': draw(bands, describe(bands)) }
}

/** The picture in words. */
function describe(bands: readonly Band[]): string {
  return bands
    .map(({ title, label, entries, uses, reads }) =>
      [
        `${label} ${title}.`,
        ...entries.map((card) => `${card.label} ${card.title}: ${card.rows.map(({ text }) => text).join('; ')}.`),
        ...uses.map(
          (card) => `${card.label} ${card.title}: ${card.rows.map(({ text, note }) => `${text} ${note}`).join('; ')}.`,
        ),
        ...(reads.length > 0 ? [`Reads the outputs ${reads.join(', ')} of the first stack.`] : []),
      ].join(' '),
    )
    .join(' ')
}
