/** The path below a prefix without slashes; '' is the root, which everything is below. */
export function below(prefix: string, path: string): string | undefined {
  if (prefix === '') return path
  if (path === `/${prefix}`) return '/'
  return path.startsWith(`/${prefix}/`) ? path.slice(prefix.length + 1) : undefined
}

/** What the greedy part at a resource's end (`/mcp/{proxy+}`) stands for in a path; undefined where it does not match. */
export function greedyMatch(resourcePath: string, path: string): Record<string, string> | undefined {
  const [, prefix = '', name = ''] = /^(.*\/)\{(\w+)\+\}$/.exec(resourcePath) ?? []
  const rest = name !== '' && path.startsWith(prefix) ? path.slice(prefix.length) : ''
  return rest === '' ? undefined : { [name]: rest }
}

/** Percent-encoding undone, but for encoded slashes: routes and resources match by it. */
export function decodedPath(path: string): string {
  return path
    .split('/')
    .map((segment) => decoded(segment).replaceAll('/', '%2F'))
    .join('/')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
