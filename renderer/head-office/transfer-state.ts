/** What a transfer's state, reasons, steps and conflicts are called at head office, and how they look. Rule kept: one place. */
import type { TransferState } from '#core/stock/transfer.ts';
import type { VarianceReason } from '#core/stock/transfer-events.ts';
import type { TransferStep } from '#core/stock/transfer-view.ts';
import type { IconName } from '../parts/icons.tsx';
import type { ChipLook } from './office-pieces.tsx';
import type { OfficeWord } from './office-words.ts';

type Look = { readonly look: ChipLook; readonly icon: IconName; readonly word: OfficeWord };
export const stateLooks: Readonly<Record<TransferState, Look>> = {
  requested: { look: 'quiet', icon: 'hourglass', word: 'trStRequested' },
  declined: { look: 'quiet', icon: 'crossRound', word: 'trStDeclined' },
  cancelled: { look: 'quiet', icon: 'crossRound', word: 'trStCancelled' },
  inTransit: { look: 'warn', icon: 'upload', word: 'trStInTransit' },
  closed: { look: 'good', icon: 'checkRound', word: 'trStClosed' },
};

export const reasonWords: Readonly<Record<VarianceReason, OfficeWord>> = {
  short: 'trRShort',
  damaged: 'trRDamaged',
  expired: 'trRExpired',
  wrongItem: 'trRWrongItem',
  excess: 'trRExcess',
  other: 'trROther',
};

export const stepWords: Readonly<Record<TransferStep['type'], OfficeWord>> = {
  transferRequested: 'trEvRequested',
  transferDeclined: 'trEvDeclined',
  transferCancelled: 'trEvCancelled',
  transferDispatched: 'trEvDispatched',
  transferReceived: 'trEvReceived',
};

export const conflictWords: Readonly<Record<NonNullable<TransferStep['conflict']>, OfficeWord>> = {
  sentThoughOff: 'trCfSentThoughOff',
  receivedTwice: 'trCfReceivedTwice',
  receiptDiffers: 'trCfReceiptDiffers',
};
