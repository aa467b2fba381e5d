/** An array as PostgreSQL writes it, taken apart: what its elements are is still text. */
export type ArrayLiteral = readonly (ArrayLiteral | string | null)[]

/** `{1,NULL,"a \"b\""}`, nested ones too; bounds that do not begin at 1 (`[0:1]={…}`) are dropped (PostgreSQL 8.15.6). */
export function parseArray(text: string, delimiter: string): ArrayLiteral {
  let at = text.indexOf('{')
  return array()

  function array(): ArrayLiteral {
    const elements: (ArrayLiteral | string | null)[] = []
    at += 1
    while (text[at] !== '}' && at < text.length) {
      elements.push(element())
      if (text[at] === delimiter) at += 1
    }
    at += 1
    return elements
  }

  function element(): ArrayLiteral | string | null {
    if (text[at] === '{') return array()
    if (text[at] === '"') return quoted()
    const start = at
    while (text[at] !== delimiter && text[at] !== '}') at += 1
    const word = text.slice(start, at)
    return word === 'NULL' ? null : word
  }

  function quoted(): string {
    let value = ''
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1
      value += text[at]
    }
    at += 1
    return value
  }
}

/** `(1,,"a ""b""")`: the fields of a composite value; an empty one is NULL (PostgreSQL 8.16.6). */
export function parseComposite(text: string): readonly (string | null)[] {
  const fields = `${text.slice(1, -1)},`.matchAll(/("(?:[^"\\]|""|\\.)*"|[^,]*),/gs)
  return [...fields].map(([, field = '']) => {
    if (field === '') return null
    return field.startsWith('"') ? field.slice(1, -1).replace(/""|\\(.)/gs, (pair) => pair.slice(1)) : field
  })
}
