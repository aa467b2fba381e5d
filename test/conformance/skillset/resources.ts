import * as z from 'zod'
import { defineResource, defineResourceTemplate } from '../../../lambdas/runtime/define-resource.ts'
import { IMAGE } from './samples.ts'
import { SCOPE } from './test-ability.ts'

const text = (uri: string) =>
  defineResource({
    uri,
    title: uri,
    description: 'A text.',
    scope: SCOPE,
    mimeType: 'text/plain',
    read: () => `This is the content of ${uri}.`,
  })

export const resources = [
  text('test://static-text'),
  text('test://watched-resource'),
  defineResource({
    uri: 'test://static-binary',
    title: 'A red pixel',
    description: 'An image.',
    scope: SCOPE,
    mimeType: 'image/png',
    read: () => Buffer.from(IMAGE, 'base64'),
  }),
  defineResourceTemplate({
    uri: 'test://template/{id}/data',
    title: 'Data by id',
    description: 'What was asked for.',
    scope: SCOPE,
    mimeType: 'application/json',
    arguments: z.strictObject({ id: z.string() }),
    read: ({ id }) => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  }),
]
