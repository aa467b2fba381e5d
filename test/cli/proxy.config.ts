import sample from '../../local/demo/sample.config.ts'
import { defineFactory } from '../../model/factory-config.ts'

/** A factory with a server whose backend takes a key. */
export default defineFactory({
  ...sample,
  stage: 'dev',
  servers: {
    backend: {
      title: 'Backend',
      proxy: { url: 'https://backend.example/mcp', headers: { 'X-Key': { secret: 'api-key' } } },
    },
  },
})
