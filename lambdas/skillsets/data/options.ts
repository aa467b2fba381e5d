import * as z from 'zod'

/** A page is what a model reads at once. */
export const MOST_PAGE_ROWS = 1_000

const IDENTIFIER = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'an SQL identifier: lower-case letters, digits and _, a letter first')
const tenant = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a tenant')

/**
 * Whose rows a data set has; one of these has to be said. `tenant`: all are this tenant's. `tenantColumn`: of each row,
 * the tenant that this column names. `shared`: every tenant may read all. For files there is a fourth way: `{tenant}` in
 * their path.
 */
const whose = {
  tenant: tenant.optional(),
  tenantColumn: z.string().min(1).max(63).optional(),
  shared: z.literal(true).optional(),
}

const columns = z
  .record(
    z.string(),
    z.strictObject({ comment: z.string().max(300).exactOptional(), unit: z.string().max(20).exactOptional() }),
  )
  .default({})

const described = {
  title: z.string().min(1).max(80),
  description: z.string().min(1).max(600),
  columns,
  ...whose,
}

/** A data set made of files. */
export const fileDataset = z.strictObject({
  ...described,
  /** Below the source: one file, or a pattern with `*` within a name; `{tenant}` stands for the reader's tenant. */
  files: z
    .string()
    .regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[A-Za-z0-9_{}=*.-]+(?:\/[A-Za-z0-9_{}=*.-]+)*\.(?:parquet|csv|json|ndjson)$/, {
      error: 'a path such as orders/*.parquet, ending in .parquet, .csv, .json or .ndjson',
    })
    .refine(
      (files) => !files.split('/').some((name) => name.includes('{tenant}') && name.includes('*')),
      '{tenant} and * in different parts of the path, such as {tenant}/*.csv: acme would read acme-eu-1.csv by {tenant}-*.csv',
    ),
})
export type FileDataset = z.output<typeof fileDataset>

/** A data set that Athena reads: Glue has to know its columns beforehand. */
export const athenaDataset = z.strictObject({
  ...described,
  tenantColumn: z
    .never(
      'nothing: Athena tells tenants apart by folders. Lay the files out by tenant and say folder: "{tenant}/orders"',
    )
    .optional(),
  /** The folder below the source in which the files lie; `{tenant}` stands for the reader's tenant. */
  folder: z.string().regex(/^[A-Za-z0-9_{}=.-]+(?:\/[A-Za-z0-9_{}=.-]+)*$/, 'a folder such as {tenant}/orders'),
  format: z.enum(['parquet', 'csv', 'json']).default('parquet'),
  /** Glue's type of each column, such as `decimal(12,2)`. */
  types: z.record(IDENTIFIER, z.string().min(1).max(400)),
})
export type AthenaDataset = z.output<typeof athenaDataset>

/** A data set that is a table or view of PostgreSQL, whose row-level security tells tenants apart. */
export const postgresDataset = z.strictObject({
  ...described,
  /** `table` or `schema.table`. */
  table: z.string().regex(/^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$/, 'table or schema.table'),
})
export type PostgresDataset = z.output<typeof postgresDataset>

/** A bucket that is there. */
const bucket = z.strictObject({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket'),
  prefix: z
    .string()
    .regex(/^(?:[A-Za-z0-9_=.-]+\/)*$/, 'a prefix that ends in /')
    .default(''),
})

/** Where files are. */
const source = z.union(
  [
    /** The retail sample: made on one machine by itself, in the cloud by `npm run factory -- sample-data`. */
    z.strictObject({ sample: z.literal(true) }),
    /** Of this machine: nothing that can be deployed. */
    z.strictObject({ folder: z.string().min(1) }),
    bucket,
  ],
  "{ sample: true }, { folder: './data' } or { bucket: 'name', prefix: 'a/' }",
)

const limits = z
  .strictObject({
    /** Rows of a page, where the caller asks for no other number. */
    pageRows: z.int().min(1).max(MOST_PAGE_ROWS).default(100),
    /** Rows of a whole result: those behind the first page are kept for paging and files. */
    resultRows: z.int().min(1).max(1_000_000).default(100_000),
    /** Megabytes that these rows may take as JSON. */
    resultMegabytes: z.int().min(1).max(256).default(32),
    /** Seconds that one statement may run. */
    seconds: z.int().min(1).max(240).default(60),
    /** Statements that run at once. */
    queriesPerPerson: z.int().min(1).max(20).default(2),
    queriesPerTenant: z.int().min(1).max(100).default(8),
    /** Minutes for which a link to a file or a report opens without signing in. */
    linkMinutes: z.int().min(1).max(720).default(60),
    /** Days for which reports are kept. */
    reportDays: z.int().min(1).max(3_650).default(90),
  })
  .prefault({})
export type Limits = z.output<typeof limits>

const datasetsOf = <Dataset extends z.ZodType<Whose>>(dataset: Dataset) =>
  z
    .record(IDENTIFIER, dataset.superRefine(refuseUnclear))
    .refine((datasets) => Object.keys(datasets).length > 0, 'one data set at least')

/** What says whose rows a data set has. */
interface Whose {
  readonly tenant?: string | undefined
  readonly tenantColumn?: string | undefined
  readonly shared?: true | undefined
  readonly files?: string
  readonly folder?: string
}

/** Rows whose tenant nobody named would be everybody's: that has to be said. */
function refuseUnclear({ tenant, tenantColumn, shared, files, folder }: Whose, context: z.RefinementCtx<Whose>): void {
  const path = files ?? folder
  const ways = [tenant, tenantColumn, shared, path?.includes('{tenant}') || undefined]
  const said = ways.filter((way) => way !== undefined).length
  if (said !== 1)
    context.addIssue({
      code: 'custom',
      message: `exactly one of tenant, tenantColumn, shared: true${path === undefined ? '' : ' and {tenant} in its path'} (${said} are given)`,
      input: { tenant, tenantColumn, shared, files, folder },
    })
}

const duckdb = z
  .strictObject({
    engine: z.literal('duckdb'),
    source,
    /** By the name that SQL calls each. Absent with the sample, which has its own. */
    datasets: datasetsOf(fileDataset).optional(),
    /** Megabytes that DuckDB may take for a tenant; the function has them for two, and what it needs itself. */
    memoryMegabytes: z.int().min(128).max(4_096).default(768),
    /** Megabytes of temporary storage: the files of two tenants, and the tables made of them, have to fit. */
    storageMegabytes: z.int().min(512).max(10_240).default(2_048),
    limits,
  })
  .superRefine(({ source, datasets }, context) => {
    const isSample = 'sample' in source
    if (isSample === (datasets !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['datasets'],
        message: isSample ? 'nothing: the sample has its own' : 'the data sets, by name',
        input: datasets,
      })
  })

const athena = z.strictObject({
  engine: z.literal('athena'),
  source: bucket,
  datasets: datasetsOf(athenaDataset),
  /** Megabytes that one statement may scan; Athena's bill goes by them. */
  scanMegabytes: z.int().min(10).max(10_000_000).default(10_000),
  limits,
})

const postgres = z.strictObject({
  engine: z.literal('postgres'),
  datasets: datasetsOf(postgresDataset),
  limits,
})

/** `options` of a server with this skillset, in factory.config.ts: the engine, its data sets, and what bounds both. */
export const dataOptions = z.discriminatedUnion('engine', [duckdb, athena, postgres])
export type DataOptions = z.output<typeof dataOptions>
export type DuckDbOptions = z.output<typeof duckdb>
export type AthenaOptions = z.output<typeof athena>
export type PostgresOptions = z.output<typeof postgres>
