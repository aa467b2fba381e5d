/** Lambda's own limit is 4,096 bytes; what an intrinsic resolves to is only estimated here. */
export const MOST_ENVIRONMENT_BYTES = 3_500

/** ARNs are the longest things that a `Ref` or `Fn::GetAtt` stands for. */
const INTRINSIC_BYTES = 128

/**
 * The size of a function's environment in bytes, names included.
 * @param environment the resolved property `Environment` of AWS::Lambda::Function, as in a template or before rendering
 */
export function environmentSize(environment: unknown): number {
  const { Variables, variables } = (environment ?? {}) as Record<string, Record<string, unknown> | undefined>
  return Object.entries(Variables ?? variables ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  )
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  const join = (value as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join']
  if (join === undefined) return INTRINSIC_BYTES
  const [separator, parts] = join
  return parts.reduce<number>((sum, part) => sum + valueSize(part) + Buffer.byteLength(separator), 0)
}
