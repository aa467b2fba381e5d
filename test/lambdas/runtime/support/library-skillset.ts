import * as z from 'zod'
import type { AbilityContext } from '../../../../lambdas/runtime/ability-context.ts'
import { AbilityError } from '../../../../lambdas/runtime/ability-error.ts'
import { definePrompt } from '../../../../lambdas/runtime/define-prompt.ts'
import { defineResource, defineResourceTemplate } from '../../../../lambdas/runtime/define-resource.ts'
import { defineSkillset } from '../../../../lambdas/runtime/define-skillset.ts'
import { serve } from '../../../../lambdas/runtime/serve.ts'
import { KEY_ALONE } from './conversation.ts'
import { ENVIRONMENT, keptLog } from './sample-skillset.ts'

/** What happened inside, for a test to look at. */
interface LibraryServices {
  readonly seen: unknown[]
}
type Context = AbilityContext<LibraryServices>

const ICON = { src: 'https://library.example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'] }
const text = { scope: 'books:read', mimeType: 'text/plain', description: 'For tests.' }

export const motto = defineResource({
  ...text,
  uri: 'library://motto',
  title: 'The motto',
  annotations: { audience: ['user'], priority: 0.5 },
  icons: [ICON],
  size: 9,
  read({ services, person, ...rest }: Context) {
    services.seen.push({ services, person, ...rest })
    return `Hello, ${person.name}`
  },
})

const stamp = defineResource({
  ...text,
  uri: 'library://stamp',
  title: 'The stamp',
  mimeType: 'application/octet-stream',
  read: () => new Uint8Array([0, 255, 128]),
})

const ledger = defineResource({
  ...text,
  uri: 'library://ledger',
  title: 'The ledger',
  scope: 'books:audit',
  level: 'privileged',
  read: () => 'who borrowed what',
})

const broken = defineResource({
  ...text,
  uri: 'library://broken',
  title: 'Broken',
  read: () => {
    throw new Error('password is marked-secret')
  },
})

const endless = defineResource({
  ...text,
  uri: 'library://endless',
  title: 'Endless',
  read: () => 'x'.repeat(7_000_000),
})

const book = defineResourceTemplate({
  ...text,
  uri: 'library://books/{shelf}/{number}',
  title: 'A book',
  arguments: z.strictObject({ shelf: z.string().max(20), number: z.string().regex(/^\d+$/, 'digits') }),
  complete: { shelf: ({ services: { seen } }: Context) => ['Art', 'Astronomy', 'Biology', `seen ${seen.length}`] },
  read({ shelf, number }, { services }: Context) {
    services.seen.push({ shelf, number })
    if (number === '404') throw new AbilityError('no_such_book', 'There is no such book.', 'Look at the shelf.')
    return `${shelf} ${number}`
  },
})

const audit = defineResourceTemplate({
  ...text,
  uri: 'library://audits/{year}',
  title: 'An audit',
  scope: 'books:audit',
  level: 'privileged',
  arguments: z.strictObject({ year: z.string() }),
  complete: { year: () => ['2026'] },
  read: ({ year }) => year,
})

export const recommend = definePrompt({
  name: 'recommend',
  title: 'Recommend a book',
  description: 'Recommends a book.',
  scope: 'books:read',
  icons: [ICON],
  arguments: z.strictObject({
    shelf: z.string().max(20).describe('Where to look'),
    mood: z.string().optional(),
  }),
  complete: { shelf: () => Array.from({ length: 150 }, (_, n) => `Shelf ${n}`) },
  messages({ shelf, mood }, context: Context) {
    context.services.seen.push(context)
    if (shelf === 'none') throw new AbilityError('no_such_shelf', 'There is no such shelf.', 'Choose another.')
    return mood === undefined
      ? `Recommend a book from ${shelf}.`
      : [{ role: 'assistant', content: { type: 'text', text: `${mood}, from ${shelf}` } }]
  },
})

const inspect = definePrompt({
  name: 'inspect',
  title: 'Inspect the ledger',
  description: 'Inspects.',
  scope: 'books:audit',
  level: 'privileged',
  arguments: z.strictObject({}),
  messages: () => 'Inspect.',
})

export const library = (services: (tools: unknown) => LibraryServices) =>
  defineSkillset({
    name: 'library',
    title: 'Library',
    instructions: 'For tests.',
    icons: [ICON],
    services,
    abilities: [],
    resources: [motto, stamp, ledger, broken, endless, book, audit],
    prompts: [recommend, inspect],
  })

/** A handler of the library, what its resources and prompts saw, and its log. */
export function libraryServer() {
  const seen: unknown[] = []
  const { lines: log, ...kept } = keptLog()
  const skillset = library((tools) => {
    seen.push(tools)
    return { seen }
  })
  return { handler: serve(skillset, { environment: ENVIRONMENT, ...kept, conversation: KEY_ALONE }), seen, log }
}
