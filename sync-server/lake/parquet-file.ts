/**
 * A Parquet file written in row groups as rows come. Rule kept: memory holds one row group; money and quantities are
 * whole 64-bit numbers (paise, milli-units), days are DATE, moments UTC milliseconds; a column of text may be empty (null).
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';

export type ColumnType = 'int64' | 'int32' | 'double' | 'text' | 'date';
export type Column = { readonly name: string; readonly type: ColumnType };
/** As Postgres gives them: bigint and date as text. */
export type Cell = string | number | null;

const elementOf = ({ name, type }: Column) => {
  const common = { name, repetition_type: 'OPTIONAL' as const };
  if (type === 'int64') return { ...common, type: 'INT64' as const };
  if (type === 'int32') return { ...common, type: 'INT32' as const };
  if (type === 'double') return { ...common, type: 'DOUBLE' as const };
  if (type === 'date') return { ...common, type: 'INT32' as const, converted_type: 'DATE' as const };
  return { ...common, type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const };
};

function valueOf(type: ColumnType, cell: Cell): bigint | number | string | Date | null {
  if (cell === null) return null;
  if (type === 'int64') return BigInt(cell);
  if (type === 'int32' || type === 'double') return Number(cell);
  return type === 'date' ? new Date(`${cell}T00:00:00Z`) : String(cell);
}

export type ParquetFile = {
  /** One row group. */
  readonly add: (rows: readonly Readonly<Record<string, Cell>>[]) => Promise<void>;
  readonly finish: () => Promise<{ readonly rows: number; readonly bytes: number; readonly sha256: string }>;
};

export function openParquet(path: string, columns: readonly Column[]): ParquetFile {
  const root = { name: 'root', num_children: columns.length };
  const writer = new ParquetWriter({ writer: fileWriter(path), schema: [root, ...columns.map(elementOf)] });
  let count = 0;
  return {
    add: async (rows) => {
      if (rows.length === 0) return;
      count += rows.length;
      const columnData = columns.map(({ name, type }) => ({
        name,
        data: rows.map((row) => valueOf(type, row[name] ?? null)),
      }));
      await writer.write({ columnData, rowGroupSize: rows.length });
    },
    finish: async () => {
      await writer.finish();
      const digest = createHash('sha256');
      for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
      return { rows: count, bytes: (await stat(path)).size, sha256: digest.digest('hex') };
    },
  };
}
