/**
 * Reads Postgres' logical replication messages (plugin pgoutput, protocol version 1). Rule kept: values stay the text
 * that Postgres wrote; an unchanged large value ('u') is taken from the old row, which REPLICA IDENTITY FULL sends.
 * Source: PostgreSQL 18 manual, "Logical Replication Message Formats".
 */
export type Column = {
  readonly name: string;
  readonly isKey: boolean;
  readonly typeOid: number;
  readonly typeMod: number;
};
export type Relation = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
};
/** Column name → text, or null. */
export type Row = Readonly<Record<string, string | null>>;

export type ReplicationMessage =
  | { readonly kind: 'begin'; readonly xid: number; readonly commitLsn: bigint }
  | { readonly kind: 'commit'; readonly endLsn: bigint }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'insert'; readonly relation: Relation; readonly row: Row }
  | { readonly kind: 'update'; readonly relation: Relation; readonly before: Row | null; readonly row: Row }
  | { readonly kind: 'delete'; readonly relation: Relation; readonly before: Row }
  | { readonly kind: 'truncate'; readonly relations: readonly Relation[] }
  | { readonly kind: 'other' };

/** Reads one field after the other. */
function reader(bytes: Buffer) {
  let at = 0;
  const next = (size: number): number => {
    const from = at;
    at += size;
    if (at > bytes.length) throw new RangeError('a replication message ends too early');
    return from;
  };
  return {
    byte: () => bytes.readUInt8(next(1)),
    int16: () => bytes.readInt16BE(next(2)),
    int32: () => bytes.readInt32BE(next(4)),
    uint32: () => bytes.readUInt32BE(next(4)),
    int64: () => bytes.readBigUInt64BE(next(8)),
    text: () => {
      const end = bytes.indexOf(0, at);
      const value = bytes.toString('utf8', at, end);
      at = end + 1;
      return value;
    },
    bytes: (size: number) => {
      const from = next(size);
      return bytes.toString('utf8', from, from + size);
    },
    tag: () => String.fromCharCode(bytes.readUInt8(next(1))),
  };
}
type Reader = ReturnType<typeof reader>;

function readRow(from: Reader, relation: Relation, old: Row | null): Row {
  const count = from.int16();
  const row: Record<string, string | null> = {};
  for (let i = 0; i < count; i += 1) {
    const name = relation.columns[i]?.name ?? String(i);
    const tag = from.tag();
    if (tag === 't') row[name] = from.bytes(from.int32());
    else row[name] = tag === 'u' ? (old?.[name] ?? null) : null;
  }
  return row;
}

/** Remembers what each relation looks like; one reader per connection. */
export function makePgoutputReader(): (message: Buffer) => ReplicationMessage {
  const relations = new Map<number, Relation>();
  const relationOf = (oid: number): Relation => {
    const relation = relations.get(oid);
    if (relation === undefined) throw new Error(`a change of relation ${oid}, which was never described`);
    return relation;
  };
  return (message) => {
    const from = reader(message);
    switch (from.tag()) {
      case 'B': {
        const commitLsn = from.int64();
        from.int64();
        return { kind: 'begin', commitLsn, xid: from.uint32() };
      }
      case 'C':
        from.byte();
        from.int64();
        return { kind: 'commit', endLsn: from.int64() };
      case 'R': {
        const oid = from.uint32();
        const schema = from.text();
        const name = from.text();
        from.byte();
        const columns = Array.from({ length: from.int16() }, (): Column => {
          const isKey = (from.byte() & 1) === 1;
          return { name: from.text(), isKey, typeOid: from.uint32(), typeMod: from.int32() };
        });
        const relation = { oid, schema, name, columns };
        relations.set(oid, relation);
        return { kind: 'relation', relation };
      }
      case 'I': {
        const relation = relationOf(from.uint32());
        from.tag();
        return { kind: 'insert', relation, row: readRow(from, relation, null) };
      }
      case 'U': {
        const relation = relationOf(from.uint32());
        let tag = from.tag();
        let before: Row | null = null;
        if (tag === 'O' || tag === 'K') {
          before = readRow(from, relation, null);
          tag = from.tag();
        }
        return { kind: 'update', relation, before, row: readRow(from, relation, before) };
      }
      case 'D': {
        const relation = relationOf(from.uint32());
        from.tag();
        return { kind: 'delete', relation, before: readRow(from, relation, null) };
      }
      case 'T': {
        const count = from.int32();
        from.byte();
        return { kind: 'truncate', relations: Array.from({ length: count }, () => relationOf(from.uint32())) };
      }
      default:
        return { kind: 'other' };
    }
  };
}
