import sample from '../../local/demo/sample.config.ts'
import { defineFactory } from '../../model/factory-config.ts'

/** A factory as it ships. Not factory.config.ts, which is its user's: what is made of this is there already. */
export default defineFactory({
  ...sample,
  servers: {
    ...sample.servers,
    data: { skillset: 'data', options: { engine: 'duckdb', source: { sample: true } } },
  },
})
