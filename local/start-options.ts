import { parseArgs } from 'node:util'
import type { FactoryOptions } from './factory.ts'
import { StartError } from './start-error.ts'
import { STATE_DIRECTORY } from './state-directory.ts'

export const USAGE = `npm start -- [options]

  --fresh        begin from nothing: forget clients, grants, events, secrets
  --no-domain    each API on a port of its own, as without a custom domain
  --offline      no connection leaves this machine
  --origin URL   the https URL of a tunnel to this machine, for clients in the cloud
  --google       sign in at the real Google: GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET in the environment
  --help

FACTORY_PORT (4100) is the port, FACTORY_DIRECTORY (.factory) where state is kept, FACTORY_CONFIG another
factory.config.ts.
`

/**
 * What `npm start` is told.
 * @throws StartError naming the option or variable that is wrong
 */
export function readStartOptions(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): FactoryOptions | 'help' {
  const { help, fresh = false, offline = false, origin, google, 'no-domain': separate } = parse(given)
  if (help) return 'help'
  const port = Number(environment.FACTORY_PORT ?? 4100)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StartError(`FACTORY_PORT: found ${environment.FACTORY_PORT}; allowed: a port, 0 for one that is free`)
  if (
    origin !== undefined &&
    !(URL.canParse(origin) && origin.startsWith('https:') && new URL(origin).origin === origin)
  )
    throw new StartError(`--origin: found ${origin}; allowed: https://<host>, without a path`)
  if (origin !== undefined && separate) throw new StartError('--origin announces one origin: leave out --no-domain')
  const { GOOGLE_CLIENT_ID: id, GOOGLE_CLIENT_SECRET: secret } = environment
  if (google && !(id && secret))
    throw new StartError('--google: set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET to those of your own Google client')
  if (google && offline) throw new StartError('--google needs connections, --offline forbids them')
  return {
    directory: environment.FACTORY_DIRECTORY ?? STATE_DIRECTORY,
    port,
    domain: !separate,
    fresh,
    offline,
    ...(origin !== undefined && { origin }),
    ...(google && id && secret && { google: { id, secret } }),
  }
}

function parse(given: readonly string[]) {
  const boolean = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...given],
      options: {
        fresh: boolean,
        'no-domain': boolean,
        offline: boolean,
        origin: { type: 'string' },
        google: boolean,
        help: boolean,
      },
    }).values
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${USAGE}`)
  }
}
