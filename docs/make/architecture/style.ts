/** Colours that keep apart for colour-blind people (Okabe and Ito); what a card is, it also says in words. */
export const STYLE = `
text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; fill: var(--text) }
svg {
  --back: #ffffff; --band: #f6f8fa; --line: #d0d7de; --card: #ffffff; --text: #1f2328; --quiet: #57606a;
  --entry: #0072b2; --function: #b35a00; --data: #00785a; --secret: #a0447d; --identity: #5b5f97; --arrow: #57606a; --asks: #b35a00;
}
@media (prefers-color-scheme: dark) {
  svg {
    --back: #0d1117; --band: #151b23; --line: #3d444d; --card: #0d1117; --text: #f0f6fc; --quiet: #9da7b3;
    --entry: #56b4e9; --function: #e69f00; --data: #2fc49a; --secret: #dd92bd; --identity: #a5a9e8; --arrow: #9da7b3; --asks: #e69f00;
  }
}
.back { fill: var(--back) }
.band { fill: var(--band); stroke: var(--line) }
.card { fill: var(--card); stroke-width: 1.5 }
.foreign { stroke-dasharray: 5 4 }
.heading { font-size: 16px; font-weight: 600 }
.title { font-size: 14px; font-weight: 600 }
.label { font-size: 11.5px }
.quiet { fill: var(--quiet) }
.arrow { fill: none; stroke: var(--arrow); stroke-width: 1.4 }
.asks { stroke: var(--asks); stroke-dasharray: 5 4 }
.head { fill: var(--arrow) }
.head-asks { fill: var(--asks) }
.chip { fill: var(--card); stroke: var(--line) }
`.trim()

export const KIND_COLOUR = {
  entry: 'var(--entry)',
  function: 'var(--function)',
  data: 'var(--data)',
  secret: 'var(--secret)',
  identity: 'var(--identity)',
} as const
