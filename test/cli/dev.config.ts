import sample from '../../local/demo/sample.config.ts'

/** The sample factory at another stage. */
export default { ...sample, stage: 'dev' }
