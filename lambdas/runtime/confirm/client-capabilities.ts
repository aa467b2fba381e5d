import type { ClientCapabilities, InputRequest } from '@modelcontextprotocol/server'

/** What a client must have declared to be asked this, in the form that the protocol's error has (−32021). */
export function neededCapability({ method, params }: InputRequest): ClientCapabilities {
  switch (method) {
    case 'elicitation/create':
      return { elicitation: params.mode === 'url' ? { url: {} } : { form: {} } }
    case 'sampling/createMessage':
      return { sampling: params.tools || params.toolChoice ? { tools: {} } : {} }
    case 'roots/list':
      return { roots: {} }
  }
}

/** Whether a client can be asked this. An `elicitation` without modes means forms, as it did before there were modes. */
export function canBeAsked(question: InputRequest, declared: ClientCapabilities): boolean {
  const { elicitation, sampling, roots } = neededCapability(question)
  if (elicitation?.url) return declared.elicitation?.url !== undefined
  if (elicitation) return declared.elicitation !== undefined && !onlyUrl(declared.elicitation)
  if (sampling?.tools) return declared.sampling?.tools !== undefined
  if (sampling) return declared.sampling !== undefined
  return roots !== undefined && declared.roots !== undefined
}

function onlyUrl({ form, url }: NonNullable<ClientCapabilities['elicitation']>): boolean {
  return form === undefined && url !== undefined
}
