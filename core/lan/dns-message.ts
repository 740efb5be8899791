/**
 * DNS messages as far as finding a service on the local network needs them (RFC 1035 §4, RFC 6762, RFC 6763): one
 * question, PTR, SRV, TXT and A records. Rule kept: reading never throws and never runs on: what is no message of this
 * form is null. Pure.
 */
export type ServiceRecord = {
  /** As a person reads it: "Sharma Kirana". At most 63 bytes. */
  readonly name: string;
  readonly port: number;
  /** IPv4, dotted. */
  readonly addresses: readonly string[];
};
export const serviceType = '_billmitra._tcp.local';

const types = { a: 1, ptr: 12, txt: 16, srv: 33 } as const;
const inClass = 1;
const mostLabels = 40;

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const uint16 = (n: number): number[] => [Math.floor(n / 256) % 256, n % 256];
const uint32 = (n: number): number[] => [...uint16(Math.floor(n / 65_536)), ...uint16(n % 65_536)];

function labelBytes(label: string): number[] {
  let bytes = utf8(label);
  // Whole characters only: a label is at most 63 bytes.
  for (let cut = label; bytes.length > 63; bytes = utf8(cut)) cut = [...cut].slice(0, -1).join('');
  return [bytes.length, ...bytes];
}
const nameBytes = (labels: readonly string[]): number[] => [...labels.flatMap(labelBytes), 0];
const typeLabels = serviceType.split('.');

/** Asks who serves; `id` comes back in the answer (RFC 6762 §6.7). */
export function serviceQuestion(id: number): Uint8Array {
  const question = [...nameBytes(typeLabels), ...uint16(types.ptr), ...uint16(inClass)];
  return Uint8Array.from([...uint16(id), 0, 0, ...uint16(1), 0, 0, 0, 0, 0, 0, ...question]);
}

/** Says what is served. `ttlSeconds` 0: no more. `question`: repeated for one who asked from a port of its own. */
export function serviceAnswer(
  service: ServiceRecord,
  ttlSeconds: number,
  asked: { readonly id: number } | null = null,
): Uint8Array {
  const instance = [service.name.replaceAll('.', ' '), ...typeLabels];
  const host = ['billmitra', 'local'];
  const record = (labels: readonly string[], type: number, data: readonly number[]): number[] => [
    ...nameBytes(labels),
    ...uint16(type),
    ...uint16(inClass),
    ...uint32(ttlSeconds),
    ...uint16(data.length),
    ...data,
  ];
  const answers = [
    record(typeLabels, types.ptr, nameBytes(instance)),
    record(instance, types.srv, [0, 0, 0, 0, ...uint16(service.port), ...nameBytes(host)]),
    record(instance, types.txt, labelBytes('v=1')),
    ...service.addresses.map((address) => record(host, types.a, address.split('.').map(Number))),
  ];
  const question = asked === null ? [] : [...nameBytes(typeLabels), ...uint16(types.ptr), ...uint16(inClass)];
  const head = [...uint16(asked?.id ?? 0), 0x84, 0, ...uint16(asked === null ? 0 : 1), ...uint16(answers.length)];
  return Uint8Array.from([...head, 0, 0, 0, 0, ...question, ...answers.flat()]);
}

type Read<T> = { readonly value: T; readonly next: number };

function readName(bytes: Uint8Array, from: number): Read<string> | null {
  const labels: string[] = [];
  let at = from;
  let next: number | null = null;
  for (let hops = 0; hops < mostLabels; hops += 1) {
    const length = bytes[at];
    if (length === undefined) return null;
    if (length === 0) return { value: labels.join('.'), next: next ?? at + 1 };
    if (length >= 192) {
      const low = bytes[at + 1];
      if (low === undefined) return null;
      next ??= at + 2;
      at = (length - 192) * 256 + low;
      continue;
    }
    if (length > 63 || at + 1 + length > bytes.length) return null;
    labels.push(new TextDecoder().decode(bytes.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return null;
}

const read16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);

/** Whether it asks for our service; its id. null: it asks for something else, or is no question. */
export function readServiceQuestion(bytes: Uint8Array): { readonly id: number } | null {
  if (bytes.length < 12 || (bytes[2] ?? 0) >= 128) return null;
  let at = 12;
  for (let n = read16(bytes, 4); n > 0 && at < bytes.length; n -= 1) {
    const name = readName(bytes, at);
    if (name === null) return null;
    const type = read16(bytes, name.next);
    if (name.value.toLowerCase() === serviceType && (type === types.ptr || type === 255))
      return { id: read16(bytes, 0) };
    at = name.next + 4;
  }
  return null;
}

/** The service that an answer tells of; null where it tells of none, or that it is over. */
export function readServiceAnswer(bytes: Uint8Array): ServiceRecord | null {
  if (bytes.length < 12 || (bytes[2] ?? 0) < 128) return null;
  let at = 12;
  for (let n = read16(bytes, 4); n > 0; n -= 1) {
    const name = readName(bytes, at);
    if (name === null) return null;
    at = name.next + 4;
  }
  let instance: string | null = null;
  let port: number | null = null;
  const addresses: string[] = [];
  for (let n = read16(bytes, 6) + read16(bytes, 8) + read16(bytes, 10); n > 0 && at < bytes.length; n -= 1) {
    const name = readName(bytes, at);
    if (name === null) return null;
    const type = read16(bytes, name.next);
    const ttl = read16(bytes, name.next + 4) * 65_536 + read16(bytes, name.next + 6);
    const data = name.next + 10;
    const length = read16(bytes, name.next + 8);
    if (data + length > bytes.length) return null;
    if (type === types.ptr && name.value.toLowerCase() === serviceType && ttl > 0) {
      const target = readName(bytes, data)?.value ?? '';
      if (target.toLowerCase().endsWith(`.${serviceType}`)) instance = target.slice(0, -serviceType.length - 1);
    }
    if (type === types.srv && length > 6) port = read16(bytes, data + 4);
    if (type === types.a && length === 4) addresses.push([...bytes.subarray(data, data + 4)].join('.'));
    at = data + length;
  }
  return instance === null || port === null || addresses.length === 0 ? null : { name: instance, port, addresses };
}
