import { expect, it } from 'vitest'
import { successResult, unknownTool } from '../../../lambdas/runtime/tool-result.ts'

it('of the name of an unknown tool is said again what can be shown', () => {
  expect(unknownTool(`"\u202e\u001b[31m<b>${'x'.repeat(999)}`)).toBe(
    `Unknown tool: "???[31m<b>${'x'.repeat(54)}". tools/list has the tools that there are for you.`,
  )
})

it('what is shown of an output stands before its text, and counts where a result is too large', () => {
  const image = { type: 'image', mimeType: 'image/png', data: 'AAAA' } as const
  expect(successResult({ pixels: 1 }, [image])).toEqual({
    content: [image, { type: 'text', text: '{"pixels":1}' }],
    structuredContent: { pixels: 1 },
  })
  const text = { type: 'text', text: 'one pixel' } as const
  expect(successResult({ pixels: 1 }, [text, image]).content).toEqual([text, image])
  expect(() => successResult({ pixels: 1 }, [{ ...image, data: 'A'.repeat(7_000_000) }])).toThrow('larger than')
})
