import { env } from './model/env-reference.ts'
import { defineFactory } from './model/factory-config.ts'

/**
 * What you edit, together with lambdas/skillsets/. As it stands it runs on one machine (`npm start`) with the sample
 * people of example.com and partner.test; put in your own domains and deploy it.
 */
export default defineFactory({
  stage: env('FACTORY_STAGE', 'prod'),
  organisation: 'Example',
  connection: {
    provider: 'google',
    allowedDomains: ['example.com', 'partner.test'],
    // The version of the credentials that `npm run factory -- secrets set google` printed; needed to deploy.
    secretVersion: env('FACTORY_SECRET_VERSION', 'not-set'),
  },
  signInPrefix: 'example-mcp',
  tenants: {
    'example.com': 'example',
    'partner.test': 'partner',
  },
  servers: {
    productivity: { skillset: 'productivity' },
    devops: {
      skillset: 'devops',
      access: { tenants: ['example'] },
      privileged: { people: ['bob@example.com'] },
      options: { services: [{ name: 'factory', url: '{issuer}/health' }] },
    },
    // Made-up sales of two shops; docs/data.md puts your own files or database in their place.
    data: { skillset: 'data', options: { engine: 'duckdb', source: { sample: true } } },
  },
})
