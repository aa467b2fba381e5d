import { defineFactory } from '../../model/factory-config.ts'

/**
 * A factory that stays as it is whatever factory.config.ts becomes: what the end-to-end tests run, and the demo where
 * factory.config.ts lacks what it shows.
 */
export default defineFactory({
  stage: 'prod',
  organisation: 'Example',
  connection: {
    provider: 'google',
    allowedDomains: ['example.com', 'partner.test'],
    secretVersion: 'sample',
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
  },
})
