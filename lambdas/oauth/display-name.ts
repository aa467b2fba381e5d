/** Control, format, private and unassigned characters, halves of characters; what is ignorable; an empty Braille cell. */
const UNSEEN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu
/** White space and line ends, which keep words apart. */
const SPACES = /[\p{Z}\t-\r\u0085]+/gu
/** More marks on one character than any script needs reach over the lines around them. */
const PILED_MARKS = /(\p{M}{2})\p{M}+/gu
/** Marks with nothing of the name to stand on. */
const LEADING_MARKS = /^\p{M}+/u

/**
 * A name that somebody chose for themselves, fit to be shown beside ours and to travel in a header: nothing in it hides,
 * turns the text around or covers what stands near.
 * @param longest characters
 * @returns undefined where nothing is left that can be seen
 */
export function displayName(name: string, longest: number): string | undefined {
  const cleaned = name
    .normalize('NFC')
    .replace(SPACES, ' ')
    .replace(UNSEEN, '')
    .trim()
    .replace(LEADING_MARKS, '')
    .replace(PILED_MARKS, '$1')
  const bounded = [...cleaned].slice(0, longest).join('').replace(SPACES, ' ').trim()
  return bounded === '' ? undefined : bounded
}
