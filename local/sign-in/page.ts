import type { ServerResponse } from 'node:http'
import { Markup, markup } from '../../model/markup.ts'
import type { SamplePerson } from './sample-people.ts'

const STYLE = `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif }
body { max-width: 30rem; margin: 3rem auto; padding: 0 1rem }
button { display: block; width: 100%; margin: .5rem 0; padding: .75rem 1rem; font: inherit; text-align: start;
  border: 1px solid currentcolor; border-radius: .5rem; background: none; color: inherit; cursor: pointer }
button:hover, button:focus-visible { outline: 3px solid #1a73e8 }
small, .email { display: block }
`

/**
 * The account chooser: one button for each sample person, usable without script.
 * @param action where the choice is posted
 * @param hint the `login_hint`: that person comes first and has the focus, as at Google
 */
export function accountChooser(people: readonly SamplePerson[], action: string, hint: string | undefined): string {
  const hinted = people.find(({ email }) => email === hint?.toLowerCase())
  const ordered = hinted === undefined ? people : [hinted, ...people.filter((person) => person !== hinted)]
  const buttons = ordered.map(
    (person) => markup`<button name="person" value="${person.email}"${person === hinted && markup` autofocus`}>
${person.name} <span class="email">${person.email}</span>
<small>${person.note}</small></button>
`,
  )
  return page(
    'Choose an account',
    markup`<p>This stands for the identity provider on this machine. Nobody here is real, and there are no passwords.</p>
<form method="post" action="${action}">
${buttons}<button name="cancel" value="yes">Cancel</button>
</form>`,
  )
}

export function errorPage(title: string, description: string): string {
  return page(title, markup`<p>${description}</p>`)
}

function page(title: string, content: Markup): string {
  return markup`${new Markup('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - sample sign-in</title>
<style>${new Markup(STYLE)}</style>
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

/** Sends a page. No `form-action`: Chromium would apply it to the redirect back to the factory (PLATFORM 10). */
export function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(html)
}
