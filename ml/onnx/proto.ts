/**
 * ONNX models as bytes: the few messages of onnx.proto3 (IR version 8) that a model of ours is made of. Rule kept: field
 * numbers are those of the ONNX specification (onnx/onnx.proto, release 1.13), written by protobuf's own writer; it knows
 * nothing of trees or demand.
 */
import protobuf from 'protobufjs/minimal.js';

type Writer = protobuf.Writer;

/** What an attribute of a node may be here. */
export type Attribute =
  | { readonly int: number }
  | { readonly text: string }
  | { readonly floats: Float32Array }
  | { readonly ints: Int32Array }
  | { readonly texts: readonly string[] };
export type GraphNode = {
  readonly op: string;
  readonly domain?: 'ai.onnx.ml';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
};
/** Constants: float32, or int64 for sizes and axes. */
export type Constant =
  | { readonly name: string; readonly dims: readonly number[]; readonly floats: Float32Array }
  | { readonly name: string; readonly dims: readonly number[]; readonly ints: readonly number[] };
/** A float32 tensor; a text is a size that is not fixed. */
export type Port = { readonly name: string; readonly dims: readonly (number | string)[] };
export type OnnxModel = {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly metadata: Readonly<Record<string, string>>;
};

export const irVersion = 8;
export const opsets = { '': 17, 'ai.onnx.ml': 3 } as const;

const attributeTypes = { int: 2, text: 3, floats: 6, ints: 7, texts: 8 } as const;
const elementTypes = { float: 1, int64: 7 } as const;

/** Field numbers above 15 take two bytes; protobuf's writer wants the tag whole. */
const text = (writer: Writer, field: number, value: string): Writer => writer.uint32((field << 3) | 2).string(value);
const int = (writer: Writer, field: number, value: number): Writer => writer.uint32(field << 3).int64(value);
function message(writer: Writer, field: number, write: (inner: Writer) => void): void {
  writer.uint32((field << 3) | 2).fork();
  write(writer);
  writer.ldelim();
}

function writeAttribute(writer: Writer, name: string, value: Attribute): void {
  text(writer, 1, name);
  if ('int' in value) int(writer, 3, value.int);
  else if ('text' in value) text(writer, 4, value.text);
  else if ('floats' in value) {
    message(writer, 7, (inner) => {
      for (const each of value.floats) inner.float(each);
    });
  } else if ('ints' in value) {
    message(writer, 8, (inner) => {
      for (const each of value.ints) inner.int64(each);
    });
  } else for (const each of value.texts) text(writer, 9, each);
  const kind = Object.keys(value)[0] as keyof typeof attributeTypes;
  int(writer, 20, attributeTypes[kind]);
}

function writeNode(writer: Writer, node: GraphNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 3, node.outputs[0] ?? '');
  text(writer, 4, node.op);
  for (const [name, value] of Object.entries(node.attributes ?? {}))
    message(writer, 5, (inner) => writeAttribute(inner, name, value));
  if (node.domain !== undefined) text(writer, 7, node.domain);
}

function writeConstant(writer: Writer, constant: Constant): void {
  for (const dim of constant.dims) int(writer, 1, dim);
  const isFloat = 'floats' in constant;
  int(writer, 2, isFloat ? elementTypes.float : elementTypes.int64);
  message(writer, isFloat ? 4 : 7, (inner) => {
    if (isFloat) for (const each of constant.floats) inner.float(each);
    else for (const each of constant.ints) inner.int64(each);
  });
  text(writer, 8, constant.name);
}

function writePort(writer: Writer, port: Port): void {
  text(writer, 1, port.name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      int(tensor, 1, elementTypes.float);
      message(tensor, 2, (shape) => {
        for (const dim of port.dims) {
          message(shape, 1, (inner) => void (typeof dim === 'number' ? int(inner, 1, dim) : text(inner, 2, dim)));
        }
      });
    }),
  );
}

/** Same model, same bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const writer = protobuf.Writer.create();
  int(writer, 1, irVersion);
  text(writer, 2, 'billmitra');
  message(writer, 7, (graph) => {
    for (const node of model.nodes) message(graph, 1, (inner) => writeNode(inner, node));
    text(graph, 2, model.name);
    for (const constant of model.constants) message(graph, 5, (inner) => writeConstant(inner, constant));
    for (const port of model.inputs) message(graph, 11, (inner) => writePort(inner, port));
    for (const port of model.outputs) message(graph, 12, (inner) => writePort(inner, port));
  });
  for (const [domain, version] of Object.entries(opsets)) {
    message(writer, 8, (inner) => void int(text(inner, 1, domain), 2, version));
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    message(writer, 14, (inner) => void text(text(inner, 1, key), 2, value));
  }
  return writer.finish();
}
