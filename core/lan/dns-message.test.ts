/** What is said is understood, and no packet off the network makes a reader throw or run on. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readServiceAnswer, readServiceQuestion, serviceAnswer, serviceQuestion } from './dns-message.ts';

const service = { name: 'शर्मा किराना', port: 4280, addresses: ['192.168.1.7', '10.0.0.2'] };

it('reads what it wrote, for a caller of its own port and for all', () => {
  expect(readServiceQuestion(serviceQuestion(777))).toEqual({ id: 777 });
  expect(readServiceAnswer(serviceAnswer(service, 120))).toEqual(service);
  expect(readServiceAnswer(serviceAnswer(service, 120, { id: 777 }))).toEqual(service);
  expect(readServiceAnswer(serviceAnswer(service, 0))).toBeNull();
  const long = { ...service, name: 'दुकान '.repeat(20) };
  expect(long.name.startsWith(readServiceAnswer(serviceAnswer(long, 120))?.name ?? '-')).toBe(true);
});

it('survives any packet', () => {
  const good = serviceAnswer(service, 120, { id: 1 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(good.length - 1), fc.nat(255), (bytes, at, value) => {
      const changed = Uint8Array.from(good);
      changed[at] = value;
      for (const packet of [bytes, changed, good.subarray(0, at)]) {
        readServiceAnswer(packet);
        readServiceQuestion(packet);
      }
    }),
  );
  // A name that points at itself.
  expect(readServiceQuestion(Uint8Array.from([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 192, 12, 0, 12, 0, 1]))).toBeNull();
});
