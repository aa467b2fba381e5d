import type { Construct } from 'constructs'
import type { NetworkConfig } from '../../model/factory-config.ts'
import type { FactoryFunction, FunctionSettings } from '../function.ts'

/** Whose needs they are: the function that serves one server's skillset. */
export interface NeedTarget {
  readonly scope: Construct
  readonly function: FactoryFunction
  /** What that function is told; its jobs are told the same. */
  readonly environment: Readonly<Record<string, string>>
  /** What lies beside its bundle, and beside those of its jobs, by name. */
  readonly files: Readonly<Record<string, string>>
  readonly settings: FunctionSettings
  readonly stage: string
  readonly server: string
  /** All that people of the factory belong to. */
  readonly tenants: readonly string[]
  /** Where the functions run. */
  readonly network?: NetworkConfig | undefined
}
