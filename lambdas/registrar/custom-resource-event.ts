import * as z from 'zod/mini'

const common = {
  ResponseURL: z.string(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  ResourceType: z.string(),
}

/** What CloudFormation sends for a custom resource. Properties arrive as strings (PLATFORM 23d). */
export const customResourceEvent = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ...common, ResourceProperties: z.record(z.string(), z.unknown()) }),
  z.object({
    RequestType: z.literal('Update'),
    ...common,
    PhysicalResourceId: z.string(),
    ResourceProperties: z.record(z.string(), z.unknown()),
  }),
  z.object({ RequestType: z.literal('Delete'), ...common, PhysicalResourceId: z.string() }),
])
export type CustomResourceEvent = z.infer<typeof customResourceEvent>

/** Enough of an event to answer it, whatever else is wrong with it. */
export const answerableEvent = z.object({
  ResponseURL: z.string(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.optional(z.string()),
})
export type AnswerableEvent = z.infer<typeof answerableEvent>
