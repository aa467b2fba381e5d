import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { contents } from './abilities/contents.ts'
import { inputRequiredResults } from './abilities/input-required.ts'
import { headerArgument, jsonSchema } from './abilities/json-schema.ts'
import { notifications } from './abilities/notifications.ts'
import { questions } from './abilities/questions.ts'
import { prompts } from './prompts.ts'
import { resources } from './resources.ts'

/** The server that the official suites expect to find. */
export default defineSkillset({
  name: 'conformance',
  title: 'Conformance',
  instructions: 'What the official conformance suites call, by the names that they call it by.',
  abilities: [...contents, ...notifications, ...questions, ...inputRequiredResults, jsonSchema, headerArgument],
  resources,
  prompts,
})
