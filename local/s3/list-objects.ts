import { AwsError } from '../aws-error.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import { listingXml } from './xml.ts'

const MOST_KEYS = 1000

/**
 * ListObjectsV2: objects by key, those with a delimiter behind the prefix as one common prefix, a page at a time.
 * @throws AwsError InvalidArgument
 */
export function listObjects(
  bucket: string,
  query: ReadonlyMap<string, string>,
  store: ObjectStore,
  now: number,
): string {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const maxKeys = Math.min(Number(query.get('max-keys') ?? MOST_KEYS), MOST_KEYS)
  if (!Number.isInteger(maxKeys) || maxKeys < 0)
    throw new AwsError('InvalidArgument', 'Provided max-keys not an integer')
  const after = readToken(query.get('continuation-token')) ?? query.get('start-after') ?? ''

  const entries: (StoredObject | string)[] = []
  let last = after
  let isTruncated = false
  for (const object of store.list(prefix, now)) {
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length)
    const common = end === -1 ? undefined : object.key.slice(0, end + delimiter.length)
    const name = common ?? object.key
    if (!isAfter(name, after) || (common !== undefined && entries.at(-1) === common)) continue
    if (entries.length >= maxKeys) {
      isTruncated = true
      break
    }
    entries.push(common ?? object)
    last = name
  }
  return listingXml({
    bucket,
    prefix,
    delimiter,
    maxKeys,
    objects: entries.filter((entry) => typeof entry !== 'string'),
    commonPrefixes: entries.filter((entry) => typeof entry === 'string'),
    nextToken: isTruncated ? Buffer.from(last).toString('base64') : undefined,
  })
}

function isAfter(name: string, after: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0
}

function readToken(token: string | undefined): string | undefined {
  return token === undefined ? undefined : Buffer.from(token, 'base64').toString()
}
