import type { Font } from './font.ts'

/** Text in lines that are no wider than `width`; a line more than `most` is cut off with an ellipsis. Sizes in pixels. */
export function wrapText(
  text: string,
  {
    font,
    size,
    width,
    most,
  }: { readonly font: Font; readonly size: number; readonly width: number; readonly most: number },
): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && font.width(`${line} ${word}`, size) <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  const kept = lines.slice(0, most).map((line) => (font.width(line, size) <= width ? line : shorten(line)))
  return lines.length <= most ? kept : [...kept.slice(0, -1), shorten(`${kept.at(-1)} …`)]

  function shorten(line: string): string {
    const characters = [...line.replace(/ ?…$/, '')]
    while (characters.length > 0 && font.width(`${characters.join('')}…`, size) > width) characters.pop()
    return `${characters.join('').trimEnd()}…`
  }
}
