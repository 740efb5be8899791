/**
 * What an ONNX file says of itself before it is opened: versions, operators, metadata. Rule kept: it reads bytes that
 * nobody vouches for; what is no ONNX model is null, never an exception, and nothing is run. Field numbers are those of
 * onnx.proto3 (as in proto.ts).
 */
import protobuf from 'protobufjs/minimal.js';

export type OnnxHead = {
  readonly ir: number;
  /** Version of each operator set, by domain. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly operators: ReadonlySet<string>;
  readonly metadata: Readonly<Record<string, string>>;
};

type Reader = protobuf.Reader;
type Take = (field: number, reader: Reader, wire: number) => void;

function eachField(reader: Reader, end: number, take: Take): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const before = reader.pos;
    take(tag >>> 3, reader, tag & 7);
    if (reader.pos === before) reader.skipType(tag & 7);
  }
}
const inner = (reader: Reader, take: Take): void => {
  const length = reader.uint32();
  eachField(reader, reader.pos + length, take);
};

/** null: not an ONNX model. */
export function readOnnxHead(bytes: Uint8Array): OnnxHead | null {
  let ir = 0;
  const opsets: Record<string, number> = {};
  const operators = new Set<string>();
  const metadata: Record<string, string> = {};
  const readGraph = (reader: Reader): void =>
    inner(reader, (field, graph) => {
      if (field === 1) inner(graph, readNode);
    });
  const readNode: Take = (field, node) => {
    if (field === 4) operators.add(node.string());
    // A graph within a node (Loop, If): its operators count too.
    else if (field === 5)
      inner(node, (attribute, reader) => {
        if (attribute === 6 || attribute === 11) readGraph(reader);
      });
  };
  const readPair = (reader: Reader): [string, string] => {
    let [key, value] = ['', ''];
    inner(reader, (field, pair) => {
      if (field === 1) key = pair.string();
      else if (field === 2) value = pair.string();
    });
    return [key, value];
  };
  try {
    const reader = protobuf.Reader.create(bytes);
    eachField(reader, bytes.length, (field, model, wire) => {
      if (field === 1 && wire === 0) ir = Number(model.int64());
      else if (field === 7) readGraph(model);
      else if (field === 8) {
        let [domain, version] = ['', 0];
        inner(model, (part, opset) => {
          if (part === 1) domain = opset.string();
          else if (part === 2) version = Number(opset.int64());
        });
        opsets[domain] = version;
      } else if (field === 14) {
        const [key, value] = readPair(model);
        metadata[key] = value;
      }
    });
  } catch {
    // Cut short, or something else altogether.
    return null;
  }
  return ir > 0 && operators.size > 0 ? { ir, opsets, operators, metadata } : null;
}
