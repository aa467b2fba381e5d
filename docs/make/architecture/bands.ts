import type { SynthesizedStack } from '../../../local/cloud-assembly.ts'
import type { Band, Card } from './diagram.ts'
import { entriesOf, foreignId } from './entries.ts'
import { everyValue, readOutput } from './template-values.ts'
import { serviceName, usesOf } from './uses.ts'

/** Reads out of a synthesized stack what is drawn of it. */
export function bandOf(stack: SynthesizedStack): Band {
  const { Resources, Outputs = {} } = stack.template
  const functions = Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
    .map(([id, resource]): Card => {
      const { MemorySize, Timeout } = resource.Properties ?? {}
      const size = `${MemorySize} MB, at most ${Timeout} s`
      const [label, title] = ['Lambda function', serviceName(resource)]
      return { id, kind: 'function', label, title, rows: [{ id: `${id}.`, text: size }] }
    })
  const entries = entriesOf(stack)
  const uses = usesOf(stack)
  const reads = new Set([...everyValue(Resources)].flatMap((value) => readOutput(value) ?? []))
  const called = entries.arrows.find(({ to }) => to.startsWith(foreignId('')))?.to
  const registrar: Card[] = called
    ? [
        {
          id: called,
          kind: 'function',
          label: 'Lambda, by output RegistrarArn',
          title: 'registrar',
          rows: [],
          foreign: true,
        },
      ]
    : []
  return {
    title: stack.name,
    label: reads.size === 0 ? 'Authorization stack' : 'Server stack',
    entries: entries.cards,
    functions: [...functions, ...registrar],
    uses: uses.cards,
    arrows: [...entries.arrows, ...uses.arrows],
    outputs: Object.keys(Outputs),
    reads: [...reads].sort(),
  }
}
