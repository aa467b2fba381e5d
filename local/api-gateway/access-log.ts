import { type Context, lookup } from './context.ts'

/**
 * The access log's line in the stage's format. What a variable does not have is `-`. A format that is a JSON object
 * gives that object, so that no value can break out of its string.
 */
export function accessLogLine(format: string, context: Context): object {
  const filled = (text: string) =>
    text.replace(/\$context\.([\w-]+(?:\.[\w-]+)*)/g, (_whole, name: string) => lookup(context, name) ?? '-')
  const fields = parsed(format)
  if (!fields) return { accessLog: filled(format) }
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? filled(value) : value]),
  )
}

function parsed(format: string): object | undefined {
  try {
    // CDK leaves numbers unquoted: {"status":$context.status}
    const value: unknown = JSON.parse(format.replace(/:\s*(\$context\.[\w.-]+)/g, ':"$1"'))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
