import { STYLE_HASH } from '../pages/style.ts'

/**
 * The security headers of every answer, pages and JSON alike: nothing runs, nothing is loaded, nobody frames us, forms
 * go to us alone.
 *
 * Left out on purpose: `Cross-Origin-Opener-Policy`, because browser clients open the consent page in a popup and wait
 * for it; a CSP `sandbox`, because it stops links to applications.
 * @param https whether the issuer is https: browsers ignore HSTS on plain connections, and no one should send it there
 */
export function securityHeaders(https: boolean): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': `default-src 'none'; style-src ${STYLE_HASH}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // The CSRF check wants an Origin with the form: `no-referrer` would make it `null`.
    'Referrer-Policy': 'same-origin',
    'Permissions-Policy':
      'accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()',
    // Two years, as the preload list asks for at least one.
    ...(https && { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload' }),
  }
}
