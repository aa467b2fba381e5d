/** A name as SQL reads it, whatever characters it has. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL reads it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
