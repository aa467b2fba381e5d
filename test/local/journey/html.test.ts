import { describe, expect, it } from 'vitest'
import { elementsOf, textOf } from '../../../local/journey/html.ts'

describe('elementsOf', () => {
  it('knows which form an element is in', () => {
    const elements = elementsOf(
      '<form action="/a"><input name="x"></form><button>none</button><form><button>second</button></form>',
    )
    expect(elements.map(({ tag, form }) => [tag, form])).toEqual([
      ['form', 0],
      ['input', 0],
      ['button', undefined],
      ['form', 1],
      ['button', 1],
    ])
  })

  it('decodes entities in attributes and text, and takes every way of quoting', () => {
    const [input, button] = elementsOf(
      `<input type=hidden name='csrf' value="a&amp;&#34;b&#x27;" checked /><button>Tom &amp; <b>Co</b></button>`,
    )
    expect(input?.attributes).toEqual({ type: 'hidden', name: 'csrf', value: `a&"b'`, checked: '' })
    expect(button?.text).toBe('Tom & Co')
  })

  it('takes nothing out of comments, styles and scripts', () => {
    expect(elementsOf('<!-- <form> --><style>a > b</style><script>"<button>"</script>')).toEqual([])
  })
})

describe('textOf', () => {
  it('collapses white space', () => {
    expect(textOf('<p>one\n  <b>two</b></p><style>x</style>')).toBe('one two')
  })
})
