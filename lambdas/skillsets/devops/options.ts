import * as z from 'zod'

/** Stands for the authorization server's own origin in a service's URL. */
const ISSUER_PLACEHOLDER = '{issuer}'

const serviceUrl = z
  .string()
  .refine(
    (value) =>
      URL.canParse(resolveServiceUrl(value, 'https://issuer.test')) && /^(https?:\/\/|\{issuer\}\/)/.test(value),
    `an http or https URL, or one that begins with ${ISSUER_PLACEHOLDER}/`,
  )

/** `options` of a server with this skillset, in factory.config.ts. */
export const devopsOptions = z.strictObject({
  services: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens'),
        /** Answers 2xx while the service is well. */
        url: serviceUrl,
      }),
    )
    .max(50)
    .refine((services) => new Set(services.map(({ name }) => name)).size === services.length, 'names that differ')
    .default([]),
})

export function resolveServiceUrl(url: string, issuer: string): string {
  return url.startsWith(ISSUER_PLACEHOLDER) ? issuer + url.slice(ISSUER_PLACEHOLDER.length) : url
}
