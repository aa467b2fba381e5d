import { StoreUnavailable } from './store-unavailable.ts'
import type { Attributes } from './table.ts'

/** Reads attributes of an item that this code wrote. A missing one means a damaged item: fail closed. */
export function readText(item: Attributes, name: string): string {
  const value = item[name]
  if (typeof value !== 'string') throw new StoreUnavailable(`an item has no ${name}`)
  return value
}

export function readNumber(item: Attributes, name: string): number {
  const value = item[name]
  if (typeof value !== 'number') throw new StoreUnavailable(`an item has no ${name}`)
  return value
}

export function readOptionalText(item: Attributes, name: string): string | undefined {
  const value = item[name]
  return typeof value === 'string' ? value : undefined
}

export function readOptionalNumber(item: Attributes, name: string): number | undefined {
  const value = item[name]
  return typeof value === 'number' ? value : undefined
}

export function readDocument<Document>(item: Attributes): Document {
  return JSON.parse(readText(item, 'doc')) as Document
}
