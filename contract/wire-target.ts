/**
 * Where a device hangs, as a screen may send it and settings keep it: the contract's spelling of the wire
 * port's target (hardware/wire/wire.ts). Rule kept: one shape for every device, so that what was found can be
 * handed back as it is; bounds only, whether something is there is found by opening it.
 */
import { z } from 'zod';

const deviceIdentity = z.object({
  vendorId: z.int().min(0).max(65_535),
  productId: z.int().min(0).max(65_535),
  serial: z.string().max(200).nullable(),
});

const serialFormat = z.object({
  baud: z.int().min(50).max(4_000_000),
  dataBits: z.union([z.literal(7), z.literal(8)]),
  parity: z.enum(['none', 'even', 'odd']),
  stopBits: z.union([z.literal(1), z.literal(2)]),
  flow: z.enum(['none', 'xonXoff', 'rtsCts']),
});

const path = z.string().trim().min(1).max(1_000);

export const wireTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tcp'), host: z.string().trim().min(1).max(253), port: z.int().min(1).max(65_535) }),
  z.object({ kind: z.literal('serial'), path, format: serialFormat, identity: deviceIdentity.nullable() }),
  z.object({ kind: z.literal('usb'), identity: deviceIdentity }),
  z.object({ kind: z.literal('deviceFile'), path }),
  z.object({ kind: z.literal('windowsQueue'), name: z.string().trim().min(1).max(260) }),
]);

export type WireTargetInput = z.infer<typeof wireTarget>;
export type SerialFormatInput = z.infer<typeof serialFormat>;
