import { createHash } from 'node:crypto'

/** The page's one stylesheet: inline, admitted by its hash. The colours are those of the authorization server's pages. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --ground: #f2f4f7; --line: #c4cad3; --accent: #0b57d0; --on-accent: #ffffff; --quiet: #57606a; --ok: #146c2e; --refused: #8a4b00; --failed: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #1e2125; --ground: #131518; --line: #4a5058; --accent: #a8c7fa; --on-accent: #062e6f; --quiet: #a7afb8; --ok: #7fd89a; --refused: #f5b867; --failed: #f2b8b5 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
header, main, footer { max-width: 84rem; margin: 0 auto; padding: 1rem }
header { padding-top: 1.75rem; padding-bottom: 0 }
h1 { margin: 0; font-size: 1.625rem; line-height: 1.25 }
h2 { margin: 0 0 .75rem; font-size: 1.125rem }
h3 { margin: 1.25rem 0 0; font-size: 1rem }
p { margin: .25rem 0 }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: .875rem }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.quiet { color: var(--quiet); font-size: .875rem }
main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) }
section { padding: 1.25rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere }
@media (min-width: 64rem) {
  main { grid-template-columns: minmax(0, 1fr) minmax(22rem, 28rem); align-items: start }
  #activity { grid-column: 2; grid-row: 1 / span 3; position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow: auto }
}
ul, ol { margin: 0; padding: 0; list-style: none }
.servers li { display: grid; gap: .25rem 1rem; grid-template-columns: minmax(11rem, max-content) minmax(0, 1fr); align-items: center }
.servers .copy { margin: .25rem 0 }
.badge { padding: 0 .5rem; border: 1px solid currentcolor; border-radius: 1rem; font-size: .8125rem; white-space: nowrap }
.ok { color: var(--ok) } .asked { color: var(--quiet) } .refused, .unknown { color: var(--refused) } .failed, .down { color: var(--failed) }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem }
nav a, button, .button { display: inline-block; padding: .25rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: var(--ink); font: inherit; font-size: .9375rem; text-decoration: none; cursor: pointer }
nav a:hover, button:hover, .button:hover { border-color: var(--accent) }
nav a[aria-current], .primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent) }
.copy { display: flex; flex-wrap: wrap; gap: .5rem; align-items: start; margin: .25rem 0 .75rem }
.copy > :first-child { flex: 1 1 13rem; min-width: 0; max-width: 100%; margin: 0; padding: .4375rem .625rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground); color: var(--ink) }
pre { overflow-x: auto; white-space: pre; overflow-wrap: normal }
.copy > code { user-select: all }
details { margin: .25rem 0 .75rem }
summary { color: var(--quiet); font-size: .875rem; cursor: pointer }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: 1.25rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem }
.facts dt { color: var(--quiet) }
.facts dd { margin: 0 }
.steps { padding-left: 1.25rem; list-style: decimal }
.notes { padding-left: 1.125rem; list-style: disc }
table { width: 100%; border-collapse: collapse }
caption { padding-bottom: .5rem; text-align: start }
th, td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: inherit; overflow-wrap: break-word }
thead th { border-top: 0; color: var(--quiet); font-size: .875rem }
@media (max-width: 40rem) {
  .servers li { grid-template-columns: minmax(0, 1fr) }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  tr { display: block; padding: .5rem 0; border-top: 1px solid var(--line) }
  th, td { display: block; padding: 0; border: 0 }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0 }
  .facts dd { margin-bottom: .5rem }
}
@media (max-width: 63.99rem) { #activity li:nth-child(n+11) { display: none } }
#activity li { padding: .5rem 0; border-top: 1px solid var(--line); color: var(--ink) }
#activity li p { margin: 0 }
time { color: var(--quiet); font-variant-numeric: tabular-nums; font-size: .875rem }
`

/** What `style-src` admits (CSP 3 §6.7.2.3). */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`
