/**
 * Whether an `Accept` header allows a media type (RFC 9110 §12.5.1): exactly, by `type/*` or by a wildcard, and not with
 * `q=0`. No header allows everything.
 */
export function accepts(accept: string | null, mediaType: string): boolean {
  if (accept === null) return true
  const ranges = new Map(accept.toLowerCase().split(',').map(parseRange))
  const [type] = mediaType.split('/')
  // The most specific range decides.
  const quality = ranges.get(mediaType) ?? ranges.get(`${type}/*`) ?? ranges.get('*/*') ?? 0
  return quality > 0
}

function parseRange(text: string): [range: string, quality: number] {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  return [range, weight === undefined ? 1 : Number(weight.slice(2)) || 0]
}
