/**
 * Every Hindi sentence of the screens: spoken shop Hindi, English where the trade says English. Rule kept:
 * the same keys as English, checked by type. A native shopkeeper reads every line before release.
 */
import type { WordKey } from './en.ts';
import { hiBackup } from './hi-backup.ts';
import { hiBranch } from './hi-branch.ts';
import { hiCounter } from './hi-counter.ts';
import { hiCustomer } from './hi-customer.ts';
import { hiDesk } from './hi-desk.ts';
import { hiDevices } from './hi-devices.ts';
import { hiFestivals } from './hi-festivals.ts';
import { hiKeys } from './hi-keys.ts';
import { hiLabels } from './hi-labels.ts';
import { hiOrder } from './hi-order.ts';
import { hiOwner } from './hi-owner.ts';
import { hiReceipt } from './hi-receipt.ts';
import { hiScale } from './hi-scale.ts';
import { hiSync } from './hi-sync.ts';
import { hiTransfers } from './hi-transfers.ts';
import { hiScanner } from './hi-scanner.ts';

export const hi: Readonly<Record<WordKey, string>> = {
  ...hiCounter,
  ...hiDesk,
  ...hiDevices,
  ...hiCustomer,
  ...hiLabels,
  ...hiKeys,
  ...hiReceipt,
  ...hiScale,
  ...hiSync,
  ...hiBackup,
  ...hiBranch,
  ...hiOrder,
  ...hiOwner,
  ...hiFestivals,
  ...hiScanner,
  ...hiTransfers,
};
