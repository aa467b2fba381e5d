import type { Construct } from 'constructs'
import type { FactoryFunction } from '../function.ts'

/** Whose need it is: the function of one server's skillset. */
export interface NeedTarget {
  readonly scope: Construct
  readonly function: FactoryFunction
  readonly stage: string
  readonly server: string
}
