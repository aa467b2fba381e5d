import * as z from 'zod'

/** Stands for the authorization server's own origin in a service's URL. */
const ISSUER_PLACEHOLDER = '{issuer}'

const serviceUrl = z
  .string()
  .refine(isProbeable, `an http or https URL without user and password, or one that begins with ${ISSUER_PLACEHOLDER}/`)

/** `options` of a server with this skillset, in factory.config.ts. */
export const devopsOptions = z.strictObject({
  services: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
        /** Asked with GET. Shown, its query included, to whoever may list the services: no secret belongs in it. */
        url: serviceUrl,
        /** What the answer of a healthy service is like. */
        expect: z
          .strictObject({
            /** Absent: any 2xx. A redirect is never followed; expect its status where it is the answer. */
            status: z.int().min(200).max(599).optional(),
            /** Text within the first 64 KiB of the body. */
            contains: z.string().min(1).max(1000).optional(),
          })
          .default({}),
        /** Milliseconds until the whole answer must be there. */
        timeoutMs: z.int().min(100).max(20_000).default(5_000),
      }),
    )
    .max(50)
    .refine((services) => new Set(services.map(({ name }) => name)).size === services.length, 'names that differ')
    .default([]),
})

export function resolveServiceUrl(url: string, issuer: string): string {
  return url.startsWith(ISSUER_PLACEHOLDER) ? issuer + url.slice(ISSUER_PLACEHOLDER.length) : url
}

function isProbeable(value: string): boolean {
  const resolved = resolveServiceUrl(value, 'https://issuer.test')
  if (!/^(https?:\/\/|\{issuer\}\/)/.test(value) || !URL.canParse(resolved)) return false
  const { username, password } = new URL(resolved)
  return username === '' && password === ''
}
