/**
 * Every English sentence of the screens. Rule kept: no sentence stands anywhere else, and Hindi must have the
 * same keys or the types don't hold.
 */
import { enBackup } from './en-backup.ts';
import { enBranch } from './en-branch.ts';
import { enCounter } from './en-counter.ts';
import { enCustomer } from './en-customer.ts';
import { enDesk } from './en-desk.ts';
import { enDevices } from './en-devices.ts';
import { enFestivals } from './en-festivals.ts';
import { enKeys } from './en-keys.ts';
import { enLabels } from './en-labels.ts';
import { enOrder } from './en-order.ts';
import { enOwner } from './en-owner.ts';
import { enReceipt } from './en-receipt.ts';
import { enScale } from './en-scale.ts';
import { enTransfers } from './en-transfers.ts';
import { enScanner } from './en-scanner.ts';
import { enSync } from './en-sync.ts';

export const en = {
  ...enCounter,
  ...enDesk,
  ...enDevices,
  ...enCustomer,
  ...enLabels,
  ...enKeys,
  ...enReceipt,
  ...enScale,
  ...enScanner,
  ...enTransfers,
  ...enSync,
  ...enBackup,
  ...enBranch,
  ...enOrder,
  ...enOwner,
  ...enFestivals,
} as const;

export type WordKey = keyof typeof en;
