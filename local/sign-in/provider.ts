import { randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import Provider, { type Client, type Context, interactionPolicy } from 'oidc-provider'
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { CLAIMS_BY_SCOPE, cognitoClaims, googleClaims } from './claims.ts'
import { errorPage } from './page.ts'
import type { SamplePerson } from './sample-people.ts'

export const INTERACTION_PATH = '/sign-in/'

export interface ProviderOptions {
  readonly issuer: string
  readonly people: readonly SamplePerson[]
  /** The factory's redirect URIs. */
  readonly callbacks: readonly string[]
  /** Stands for the user pool's client: public, with PKCE; its ID tokens look like Cognito's. */
  readonly publicClientId: string
  /** Stands for the organisation's own client at Google; its ID tokens look like Google's. */
  readonly confidentialClient?: { readonly id: string; readonly secret: string } | undefined
  readonly jwks: { readonly keys: readonly JWK[] }
}

const SCOPES = 'openid email profile'

/** Configures the OpenID provider: code flow with PKCE alone, an account chooser, no consent of its own. */
export function createProvider(options: ProviderOptions): Provider {
  const { issuer, people, callbacks, publicClientId, confidentialClient, jwks } = options
  const client = {
    redirect_uris: callbacks,
    response_types: ['code'],
    grant_types: ['authorization_code'],
    subject_type: 'pairwise',
  }
  const described = (email: string, { clientId }: Client) => {
    const person = people.find((candidate) => candidate.email === email)
    return person && (clientId === publicClientId ? cognitoClaims(person) : googleClaims(person))
  }
  return new Provider(issuer, {
    adapter: createMemoryAdapter(),
    clients: [
      { ...client, client_id: publicClientId, token_endpoint_auth_method: 'none' },
      ...(confidentialClient === undefined
        ? []
        : [
            {
              ...client,
              client_id: confidentialClient.id,
              client_secret: confidentialClient.secret,
              token_endpoint_auth_method: 'client_secret_basic',
            },
          ]),
    ],
    jwks,
    claims: CLAIMS_BY_SCOPE,
    // Google and Cognito put the claims into the ID token; OpenID Connect would leave them to userinfo.
    conformIdTokenClaims: false,
    scopes: SCOPES.split(' '),
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: {
      policy: chooserPolicy(),
      url: (_context: Context, { uid }: { uid: string }) => `${INTERACTION_PATH}${uid}`,
    },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    ttl: { AccessToken: 3600, AuthorizationCode: 300, Grant: 3600, IdToken: 3600, Interaction: 900, Session: 28_800 },
    clientBasedCORS: () => false,
    // Pairwise, because one person has two subjects: the pool's behind Cognito, and Google's own.
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_context: Context, email: string, to: Client) => described(email, to)?.sub,
    findAccount: (context: Context, email: string) => {
      const claims = described(email, context.oidc.client)
      return claims && { accountId: email, claims: () => claims }
    },
    // A code outlives the session it came from: another person may sign in at once in the same browser.
    expiresWithSession: () => false,
    loadExistingGrant: grantEverything,
    renderError: (context: Context, { error, error_description }: { error: string; error_description?: string }) => {
      context.type = 'html'
      context.body = errorPage('This sign-in cannot go on', `${error}: ${error_description ?? ''}`)
    },
  })
}

/** The base policy with account selection before login, and without consent: the factory asks for consent itself. */
function chooserPolicy() {
  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
  policy.remove('consent')
  return policy
}

async function grantEverything({ oidc }: Context) {
  const grant = new oidc.provider.Grant({ accountId: oidc.account.accountId, clientId: oidc.client.clientId })
  grant.addOIDCScope(SCOPES)
  await grant.save()
  return grant
}
