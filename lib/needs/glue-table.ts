import { type CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue'
import { Construct } from 'constructs'
import { type AthenaTable, SkillsetError } from '../../model/skillset-declaration.ts'

export interface GlueTableProps {
  readonly database: CfnDatabase
  readonly name: string
  readonly table: AthenaTable
  readonly bucket: string
  /** Of its files; ends in `/`. */
  readonly prefix: string
}

const TEXT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
}

/** How Athena reads each format (https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html). */
const FORMATS: Readonly<
  Record<AthenaTable['format'], Pick<CfnTable.StorageDescriptorProperty, 'inputFormat' | 'outputFormat' | 'serdeInfo'>>
> = {
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
  json: { ...TEXT, serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' } },
  // The one that knows quotes: with the other, a comma within a text would move every column behind it.
  csv: {
    ...TEXT,
    serdeInfo: {
      serializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
      parameters: { separatorChar: ',', quoteChar: '"', escapeChar: '\\' },
    },
  },
}

/** What it reads a text as without counting days or milliseconds. */
const CSV_TYPES = ['string', 'boolean', 'int', 'bigint', 'double']

/**
 * One data set of one tenant, as Athena finds it.
 * @throws SkillsetError for a type that the format does not have
 */
export class GlueTable extends Construct {
  readonly tableName: string
  readonly prefix: string

  constructor(scope: Construct, id: string, { database, name, table, bucket, prefix }: GlueTableProps) {
    super(scope, id)
    const { format, types, columns, description } = table
    if (format === 'csv') assertCsvTypes(name, types)
    this.tableName = name
    this.prefix = prefix
    new CfnTable(this, 'Table', {
      catalogId: database.catalogId,
      databaseName: database.ref,
      tableInput: {
        name,
        description,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          classification: format,
          ...(format === 'csv' && { 'skip.header.line.count': '1' }),
        },
        storageDescriptor: {
          ...FORMATS[format],
          location: `s3://${bucket}/${prefix}`,
          columns: Object.entries(types).map(([column, type]) => ({
            name: column,
            type,
            comment: columns[column]?.comment,
          })),
        },
      },
    })
  }
}

function assertCsvTypes(name: string, types: AthenaTable['types']): void {
  for (const [column, type] of Object.entries(types))
    if (!CSV_TYPES.includes(type))
      throw new SkillsetError(
        `data set ${name}: types.${column}: found ${JSON.stringify(type)}; allowed in CSV files: ${CSV_TYPES.join(', ')}. Declare it as string and CAST it in SQL, or keep the files as Parquet.`,
      )
}
