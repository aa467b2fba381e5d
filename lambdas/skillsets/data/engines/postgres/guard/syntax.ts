/**
 * The nodes of PostgreSQL's parse tree that a reading statement may have. What is not here is refused: INSERT and the
 * like, SELECT INTO, FOR UPDATE, parameters, XML, and whatever a later grammar adds.
 */
export const READING_NODES: ReadonlySet<string> = new Set([
  ...['SelectStmt', 'ResTarget', 'ColumnRef', 'A_Star', 'RangeVar', 'RangeSubselect', 'RangeFunction', 'JoinExpr'],
  ...['CommonTableExpr', 'SubLink', 'SortBy', 'WindowDef', 'GroupingSet', 'GroupingFunc', 'RangeTableSample'],
  ...['A_Const', 'A_Expr', 'A_ArrayExpr', 'A_Indirection', 'A_Indices', 'BoolExpr', 'NullTest', 'BooleanTest'],
  ...['CaseExpr', 'CaseWhen', 'CoalesceExpr', 'MinMaxExpr', 'SQLValueFunction', 'FuncCall', 'NamedArgExpr'],
  ...['TypeCast', 'TypeName', 'ColumnDef', 'CollateClause', 'RowExpr', 'List', 'String', 'Integer', 'Float', 'Boolean'],
  ...['JsonObjectConstructor', 'JsonArrayConstructor', 'JsonArrayQueryConstructor', 'JsonObjectAgg', 'JsonArrayAgg'],
  ...['JsonKeyValue', 'JsonValueExpr', 'JsonIsPredicate', 'JsonParseExpr', 'JsonScalarExpr', 'JsonSerializeExpr'],
  ...['JsonFuncExpr', 'JsonTable', 'JsonTableColumn', 'JsonArgument'],
])

/**
 * Types that may be named. Not the `reg…` types, whose input and output look names up in the catalog (`16400::regrole`
 * would tell other tenants' names), nor `aclitem`.
 */
export const NAMEABLE_TYPES: ReadonlySet<string> = new Set(
  `bool boolean int2 int4 int8 smallint integer bigint int float4 float8 real numeric decimal money text varchar bpchar char
  name citext uuid bytea bit varbit date time timetz timestamp timestamptz interval json jsonb jsonpath inet cidr macaddr
  macaddr8 point line lseg box path polygon circle tsvector tsquery int4range int8range numrange tsrange tstzrange daterange
  int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange`.split(/\s+/),
)

/** Columns that every table has without saying so: where a row lies, and who wrote it when. */
export const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid'])
