import { UnsupportedError } from '../stack.ts'
import { type Context, lookup } from './context.ts'
import { type HeaderList, headerValue } from './headers.ts'

/** What a mapping expression or template may draw on. */
export interface Variables {
  readonly context: Context
  readonly stageVariables: Readonly<Record<string, string>>
  readonly request: { readonly headers: HeaderList; readonly query: URLSearchParams }
}

type Evaluate = (variables: Variables) => string | undefined

/**
 * A parameter mapping: one expression, never a concatenation (PLATFORM 2).
 * @throws UnsupportedError for anything else, an unquoted literal included
 */
export function compileExpression(expression: string, where: string): Evaluate {
  const literal = /^'([^']*)'$/.exec(expression)
  if (literal) return () => literal[1]
  const [, source, name = ''] = /^(context|stageVariables|method\.request\.\w+)\.([\w.-]+)$/.exec(expression) ?? []
  switch (source) {
    case 'context':
      return ({ context }) => lookup(context, name)
    case 'stageVariables':
      return ({ stageVariables }) => stageVariables[name]
    case 'method.request.header':
      return ({ request }) => headerValue(request.headers, name)
    case 'method.request.querystring':
      return ({ request }) => request.query.getAll(name).at(-1)
    default:
      throw new UnsupportedError(`${where}: ${expression} is no expression API Gateway takes`)
  }
}

/**
 * Headers by expressions; one whose expression has no value is left out.
 * @param parameters such as `gatewayresponse.header.Allow` to its expression
 * @param prefix what every target begins with
 * @throws UnsupportedError for another target, or what is no expression
 */
export function compileHeaders(
  parameters: Readonly<Record<string, string>>,
  prefix: string,
  where: string,
): (variables: Variables) => HeaderList {
  const headers = Object.entries(parameters).map(([target, expression]) => {
    const name = target.slice(prefix.length)
    if (!target.startsWith(prefix) || !/^[\w-]+$/.test(name)) throw new UnsupportedError(`${where}: ${target}`)
    return [name, compileExpression(expression, `${where} ${target}`)] as const
  })
  return (variables) =>
    headers.flatMap(([name, evaluate]): HeaderList => {
      const value = evaluate(variables)
      return value === undefined ? [] : [[name, value]]
    })
}

/**
 * A gateway response's template: variables of `$context` and `$stageVariables` are put in, nothing else is VTL there.
 * @throws UnsupportedError for any other `$`
 */
export function compileTemplate(template: string, where: string): (variables: Variables) => string {
  const variable = /\$(\{?)(context|stageVariables)\.([\w-]+(?:\.[\w-]+)*)(\}?)/g
  if (template.replace(variable, '').includes('$')) throw new UnsupportedError(`${where}: $ outside a variable`)
  return ({ context, stageVariables }) =>
    template.replace(variable, (_whole, _open, source: string, name: string) =>
      source === 'context' ? (lookup(context, name) ?? '') : (stageVariables[name] ?? ''),
    )
}
