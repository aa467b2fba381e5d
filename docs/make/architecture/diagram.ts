/** What stands for what, by colour and by word. */
export type CardKind = 'entry' | 'function' | 'data' | 'secret' | 'identity'

export interface Row {
  readonly id: string
  readonly text: string
  /** Said after the text, less loudly. */
  readonly note?: string
}

export interface Card {
  readonly id: string
  readonly kind: CardKind
  /** What it is: `HTTP API`, `Lambda function`. */
  readonly label: string
  readonly title: string
  readonly rows: readonly Row[]
  /** Belongs to another stack, or to none. */
  readonly foreign?: boolean
}

export interface Arrow {
  /** A row's or a card's id. */
  readonly from: string
  readonly to: string
  /** `calls` what answers, `asks` the gate first, `uses` data or another service. */
  readonly kind: 'calls' | 'asks' | 'uses'
}

/** One stack: what calls it, its functions, what they use. */
export interface Band {
  readonly title: string
  readonly label: string
  readonly entries: readonly Card[]
  readonly functions: readonly Card[]
  readonly uses: readonly Card[]
  readonly arrows: readonly Arrow[]
  readonly outputs: readonly string[]
  /** Outputs of the first stack that this one reads. */
  readonly reads: readonly string[]
}
