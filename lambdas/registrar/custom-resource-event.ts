import * as z from 'zod/mini'

const answerable = {
  ResponseURL: z.string(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
}
const common = { ...answerable, ResourceType: z.string() }
const existing = { PhysicalResourceId: z.string() }
const declared = { ResourceProperties: z.record(z.string(), z.unknown()) }

/** What CloudFormation sends for a custom resource. Properties arrive as strings (PLATFORM 23d). */
export const customResourceEvent = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ...common, ...declared }),
  z.object({ RequestType: z.literal('Update'), ...common, ...existing, ...declared }),
  z.object({ RequestType: z.literal('Delete'), ...common, ...existing }),
])
export type CustomResourceEvent = z.infer<typeof customResourceEvent>

/** Enough of an event to answer it, whatever else is wrong with it. */
export const answerableEvent = z.object({ ...answerable, PhysicalResourceId: z.optional(z.string()) })
export type AnswerableEvent = z.infer<typeof answerableEvent>
