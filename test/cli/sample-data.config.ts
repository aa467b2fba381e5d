import sample from '../../local/demo/sample.config.ts'
import { defineFactory } from '../../model/factory-config.ts'

/** The sample factory with two servers that read the sample data. */
export default defineFactory({
  ...sample,
  stage: 'dev',
  servers: {
    ...sample.servers,
    data: { skillset: 'data', options: { engine: 'duckdb', source: { sample: true } } },
    ...(process.env.TWO_SAMPLES && {
      analytics: { skillset: 'data', options: { engine: 'duckdb', source: { sample: true } } },
    }),
  },
})
