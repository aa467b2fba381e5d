/** The page's one stylesheet: day, night and paper. The grounds of the charts are the page's own. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --ground: #f2f4f7; --line: #d5dae1; --quiet: #57606a; --warning: #8a3b00 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #1e2125; --ground: #131518; --line: #4a5058; --quiet: #a7afb8; --warning: #ffb77c } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 Inter, system-ui, sans-serif }
main { max-width: 62rem; margin: 2rem auto; padding: 2rem 2.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; text-wrap: balance }
h2 { margin: 0 0 .5rem; font-size: 1.3125rem; line-height: 1.3 }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem }
p { margin: .5rem 0; max-width: 46rem }
section { margin-top: 2.25rem; padding-top: 2rem; border-top: 1px solid var(--line) }
.text { white-space: pre-line }
.quiet { color: var(--quiet); font-size: .875rem }
.note, .failure { padding-left: .75rem; border-left: 3px solid var(--warning) }
figure { margin: 1rem 0; overflow-x: auto }
figure svg { display: block; width: 100%; min-width: 36rem; height: auto }
.dark { display: none }
@media (prefers-color-scheme: dark) { .light { display: none } .dark { display: block } }
.table { margin: 1rem 0; overflow-x: auto; max-height: 32rem; border: 1px solid var(--line); border-radius: .375rem; overflow-wrap: normal }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums }
th, td { padding: .375rem .75rem; text-align: left; vertical-align: top; white-space: nowrap }
td.long { min-width: 18rem; white-space: normal; overflow-wrap: anywhere }
th { position: sticky; top: 0; background: var(--ground); font-weight: 600 }
td { border-top: 1px solid var(--line) }
th.number, td.number { text-align: right }
.null { color: var(--quiet); font-style: italic }
details { margin-top: 1rem }
summary { cursor: pointer; color: var(--quiet); font-size: .875rem }
pre { overflow-x: auto; padding: .75rem 1rem; background: var(--ground); border-radius: .375rem; font-size: .875rem; white-space: pre-wrap }
:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px }
@media (max-width: 40rem) { body { padding: 0 } main { margin: 0; padding: 1.25rem; border: 0; border-radius: 0 } }
@media print {
  :root { color-scheme: light; --ink: #000000; --paper: #ffffff; --ground: #ffffff; --line: #b0b6be; --quiet: #444b53; --warning: #8a3b00 }
  body, main { margin: 0; padding: 0; border: 0; max-width: none }
  .light { display: block } .dark { display: none }
  .table { max-height: none; overflow: visible }
  th { position: static }
  figure, tr { break-inside: avoid }
  h2, h3 { break-after: avoid }
}
`
