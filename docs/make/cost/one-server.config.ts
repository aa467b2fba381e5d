import shipped from '../../../local/demo/sample.config.ts'

const { productivity } = shipped.servers

/** The config as shipped with one server alone: no job of another one calls anything while calls are counted. */
export default { ...shipped, servers: { productivity } }
