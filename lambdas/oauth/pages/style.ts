import { createHash } from 'node:crypto'

/** The one stylesheet of all pages: inline, admitted by its hash, so that a page is one request. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --ground: #f2f4f7; --line: #c4cad3; --accent: #0b57d0; --on-accent: #ffffff; --quiet: #57606a }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #1e2125; --ground: #131518; --line: #4a5058; --accent: #a8c7fa; --on-accent: #062e6f; --quiet: #a7afb8 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 6vh auto 0; padding: 1.75rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.3; text-wrap: balance }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem }
p { margin: .5rem 0 }
main > :last-child { margin-bottom: 0 }
ul { margin: .25rem 0; padding-left: 1.25rem }
li + li { margin-top: .375rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1rem 0 }
dt { color: var(--quiet) }
dd { margin: 0 }
fieldset { margin: 1rem 0 0; padding: .5rem 1rem .75rem; border: 1px solid var(--line); border-radius: .5rem }
legend { padding: 0 .375rem; font-weight: 600 }
label { display: block; padding: .25rem 0 }
.quiet { color: var(--quiet); font-size: .875rem }
.entries { margin: 0; padding: 0; list-style: none }
.entries > li { margin: 0; padding: .75rem 0; border-top: 1px solid var(--line) }
.entries h3 { margin: 0; font-size: 1rem }
.entries dl { margin: .5rem 0 }
.entries .actions { margin: .5rem 0 0 }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0 1rem }
button, .button { padding: .625rem 1.125rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: var(--ink); font: inherit; text-decoration: none; cursor: pointer }
.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600 }
a { color: var(--accent) }
a.primary { color: var(--on-accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
@media (max-width: 30rem) {
  body { padding: .5rem }
  main { margin-top: 0; padding: 1.25rem }
  dl { display: block }
  dd + dt { margin-top: .5rem }
  .actions > * { flex: 1 1 100%; text-align: center }
}
`

/** What `style-src` admits (CSP 3 §6.7.2.3). */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`
