/** Any value of a template's properties. */
export type Value = unknown

interface Intrinsic {
  readonly Ref?: string
  readonly 'Fn::GetAtt'?: readonly [string, string]
  readonly 'Fn::Join'?: readonly [string, readonly Value[]]
  readonly 'Fn::GetStackOutput'?: { readonly OutputName: string }
}

const intrinsic = (value: Value): Intrinsic => (typeof value === 'object' && value !== null ? (value as Intrinsic) : {})

/** The logical id of the resource of the same stack that a `Ref` or `Fn::GetAtt` names. */
export function referenced(value: Value): string | undefined {
  return intrinsic(value).Ref ?? intrinsic(value)['Fn::GetAtt']?.[0]
}

/** The output of the other stack that the value is. */
export function readOutput(value: Value): string | undefined {
  return intrinsic(value)['Fn::GetStackOutput']?.OutputName
}

/** A text with each intrinsic in it as `<…>`. */
export function asText(value: Value): string {
  if (typeof value === 'string') return value
  const join = intrinsic(value)['Fn::Join']
  if (join) return join[1].map(asText).join(join[0])
  return `<${referenced(value) ?? readOutput(value) ?? JSON.stringify(value)}>`
}

/** Every value in a value, itself first. */
export function* everyValue(value: Value): Generator<Value> {
  yield value
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* everyValue(inner)
}
