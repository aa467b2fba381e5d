/** Whether a list has an address or a domain: these are compared without regard to case. */
export function isListed(list: readonly string[], value: string): boolean {
  return list.some((entry) => entry.toLowerCase() === value.toLowerCase())
}
