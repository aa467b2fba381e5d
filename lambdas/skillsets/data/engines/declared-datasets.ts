import { AbilityError } from '../../../runtime/ability-error.ts'
import type { Dataset } from '../datasets.ts'

/** Data sets as the config declares them, by the name that SQL calls each. */
type Declared<Declaration> = Readonly<Record<string, Declaration>>

/** Those that a tenant has a part in: another tenant's do not exist for them. */
export function visibleTo<Declaration extends { readonly tenant?: string | undefined }>(
  tenant: string,
  datasets: Declared<Declaration>,
): Declared<Declaration> {
  return Object.fromEntries(
    Object.entries(datasets).filter(([, { tenant: owner }]) => owner === undefined || owner === tenant),
  )
}

/**
 * @param visible to whoever asks
 * @throws AbilityError `unknown_dataset`
 */
export function datasetNamed<Declaration>(name: string, visible: Declared<Declaration>): Declaration {
  const found = Object.hasOwn(visible, name) ? visible[name] : undefined
  if (found !== undefined) return found
  const names = Object.keys(visible)
  throw new AbilityError(
    'unknown_dataset',
    `There is no data set ${JSON.stringify(name)}.`,
    names.length === 0 ? 'There are none for you: ask whoever runs this server.' : `There are: ${names.join(', ')}.`,
  )
}

/** As people are told of one. */
export function datasetOf(name: string, { title, description }: Omit<Dataset, 'name'>): Dataset {
  return { name, title, description }
}
