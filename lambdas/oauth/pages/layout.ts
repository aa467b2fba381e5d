import { Markup, markup } from '../../../model/markup.ts'
import { STYLE } from './style.ts'

/** One page: plain, without script, usable by keyboard and screen reader. */
export function page(title: string, content: Markup, head?: Markup): string {
  return markup`${new Markup('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${head}<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text
}
