/** One resource of a synthesized template, its properties resolved: no intrinsic function is left in them. */
export interface Resource {
  readonly logicalId: string
  readonly type: string
  /** What `Ref` gives. */
  readonly physicalId: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** A synthesized stack whose names are known: what CloudFormation would have after its deployment. */
export interface Stack {
  readonly name: string
  readonly resources: readonly Resource[]
  readonly outputs: Readonly<Record<string, string>>
}

/** An output, of whichever stack has it. */
export function outputOf(stacks: readonly Stack[], name: string): string | undefined {
  return stacks.map(({ outputs }) => outputs[name]).find((output) => output !== undefined)
}

/** A resource, property or intrinsic that the runner does not stand for; the message names it. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError'
}
