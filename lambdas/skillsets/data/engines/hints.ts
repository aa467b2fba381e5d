/** What can be done about a query that is too expensive, in SQL of any dialect. */
export const LESS_TIME =
  'Filter earlier (WHERE), join on keys, aggregate before joining, or ask for a shorter span of time.'
export const LESS_MEMORY =
  'Filter earlier (WHERE), aggregate to fewer groups, select fewer columns and shorter values, or sort fewer rows.'

/** What can be done about a query that the engine finds wrong. */
export const CORRECT_IT = 'Correct the statement: list_datasets names its dialect, describe_dataset columns and types.'
