import type { AwsError } from '../aws-error.ts'
import type { StoredObject } from './object-store.ts'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text between tags; control characters, which XML lacks and keys may have, as character references like S3's. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '')
    .replaceAll(/\p{Cc}/gu, (character) => `&#x${character.charCodeAt(0).toString(16)};`)
}

function element(name: string, ...content: (string | number | boolean)[]): string {
  return `<${name}>${content.map((each) => (typeof each === 'string' ? escaped(each) : String(each))).join('')}</${name}>`
}

export function errorXml({ type, message }: AwsError, path: string, requestId: string): string {
  const fields = { Code: type, Message: message, Resource: path, RequestId: requestId, HostId: 'local' }
  const inner = Object.entries(fields).map(([name, value]) => element(name, value))
  return `${DECLARATION}<Error>${inner.join('')}</Error>`
}

/** One page of ListObjectsV2. */
export interface Listing {
  readonly bucket: string
  readonly prefix: string
  readonly delimiter: string
  readonly maxKeys: number
  readonly objects: readonly StoredObject[]
  readonly commonPrefixes: readonly string[]
  readonly nextToken: string | undefined
}

export function listingXml(listing: Listing): string {
  const { bucket, prefix, delimiter, maxKeys, objects, commonPrefixes, nextToken } = listing
  const contents = objects.map(
    ({ key, modifiedAt, etag, size }) =>
      `<Contents>${element('Key', key)}${element('LastModified', new Date(modifiedAt).toISOString())}${element('ETag', etag)}${element('Size', size)}${element('StorageClass', 'STANDARD')}</Contents>`,
  )
  const prefixes = commonPrefixes.map((each) => `<CommonPrefixes>${element('Prefix', each)}</CommonPrefixes>`)
  const inner = [
    element('Name', bucket),
    element('Prefix', prefix),
    ...(delimiter === '' ? [] : [element('Delimiter', delimiter)]),
    element('MaxKeys', maxKeys),
    element('KeyCount', objects.length + commonPrefixes.length),
    element('IsTruncated', nextToken !== undefined),
    ...(nextToken === undefined ? [] : [element('NextContinuationToken', nextToken)]),
    ...contents,
    ...prefixes,
  ]
  return `${DECLARATION}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner.join('')}</ListBucketResult>`
}
