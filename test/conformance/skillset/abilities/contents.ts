import type { ContentBlock } from '@modelcontextprotocol/server'
import { AUDIO, IMAGE } from '../samples.ts'
import { testAbility } from '../test-ability.ts'

const image: ContentBlock = { type: 'image', data: IMAGE, mimeType: 'image/png' }
const audio: ContentBlock = { type: 'audio', data: AUDIO, mimeType: 'audio/wav' }
const embedded = (uri: string, mimeType: string, text: string): ContentBlock => ({
  type: 'resource',
  resource: { uri, mimeType, text },
})

/** Every kind of content that a tool's result can have. */
export const contents = [
  testAbility('test_simple_text', async () => 'This is a simple text response for testing.'),
  testAbility('test_image_content', async () => 'a red pixel', { content: [image] }),
  testAbility('test_audio_content', async () => 'silence', { content: [audio] }),
  testAbility('test_embedded_resource', async () => 'embedded', {
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }),
  testAbility('test_multiple_content_types', async () => 'mixed', {
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }),
]
