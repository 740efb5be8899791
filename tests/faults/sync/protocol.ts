/**
 * The steps of the protocol that the simulator drives: the product's own, or a mutant's with one of them bent. Rule
 * kept: a mutant changes one step and nothing of the world, so that what is caught is that step. Where the product's
 * step is a transaction of a database, the mutant is a flag that the store in memory obeys.
 */
import { flowsBetween } from '#core/stock/transfer.ts';
import { replacedIn } from '#core/sync/replaced-changes.ts';
import { judgeRotation } from '#sync-server/identity/judge-rotation.ts';
import { decideBatch } from '#sync-server/ingest/decide-batch.ts';
import { judgeEntry } from '#sync-server/ingest/judge-entry.ts';
import { mendingOf } from '#sync-server/shapes/mending.ts';
import { isToReadAnew } from '#till/sync/audit-http.ts';
import { afterAudit } from '#till/sync/audit-loop.ts';
import { turned, withSuccessor } from '#till/sync/key-ring.ts';
import { isWholePublication, publicationStep, withPublished } from '#till/sync/publication-steps.ts';
import { afterAnswer, afterFailure, placeAfter } from '#till/sync/push-steps.ts';
import { inEffectOrder } from './sim-goods.ts';

export type Protocol = {
  readonly judgeEntry: typeof judgeEntry;
  readonly decideBatch: typeof decideBatch;
  readonly afterAnswer: typeof afterAnswer;
  readonly afterFailure: typeof afterFailure;
  readonly placeAfter: typeof placeAfter;
  readonly isWholePublication: typeof isWholePublication;
  readonly publicationStep: typeof publicationStep;
  readonly withPublished: typeof withPublished;
  readonly flowsBetween: typeof flowsBetween;
  readonly publicationOrder: typeof inEffectOrder;
  readonly afterAudit: typeof afterAudit;
  readonly replacedIn: typeof replacedIn;
  readonly mendingOf: typeof mendingOf;
  readonly isToReadAnew: typeof isToReadAnew;
  readonly judgeRotation: typeof judgeRotation;
  readonly withSuccessor: typeof withSuccessor;
  readonly turned: typeof turned;
} & { readonly [mistake in Mistake]: boolean };

const mistakes = [
  // At the server.
  'acksBeforeCommit',
  'sumsApart',
  'sumsFirst',
  'countsRefused',
  'countsAgain',
  'addsRefunds',
  'daysByArrival',
  'trustsRevoked',
  'handleOutlives',
  'keepsEpoch',
  'throughOverGaps',
  'stockOfAllReturns',
  'stockInPacks',
  'arrivalWins',
  'movesFactsAgain',
  'movesApartFromFacts',
  'wordsApart',
  'logHasAGap',
  'snapshotTooOld',
  'logRepeats',
  'feedsWhoIsShutOut',
  // At the till, towards the server.
  'marksWhenSent',
  'marksWhenLate',
  'forgetsSent',
  'takesLateAnswers',
  'marksBeforeKeeping',
  'dropsWhenRevoked',
  'sendsBackwards',
  'skipsFirst',
  'epochFirst',
  'epochLast',
  // On the till's disk.
  'keepsSeries',
  'keepsSent',
  'journalApart',
  'journalFirst',
  'numberApart',
  'idsOfSubjects',
  'movesApart',
  'foldsApart',
  // The catalogue.
  'placeFirst',
  'rowsFirst',
  'keepsDropped',
  'ignoresRefetch',
  'takesLateShapes',
  'placeOfServer',
  'wholeTooEarly',
  // Publications.
  'catalogueWins',
  'piecesApart',
  'piecesLate',
  'headsAnew',
  'ignoresNewLog',
  'tellsArrivalApart',
  'tellsAppliedApart',
  'tellsBeforeApplying',
  'appliedBeforeRows',
  'rowsOneByOne',
  // Small shapes.
  'sendsOthersRows',
  'sentPlaceFirst',
  'takersApart',
  'keepsGathered',
  'stagesInPlace',
  'finishesEarly',
  'switchesApart',
  'tellsOnlyNew',
  'allBeatsOwn',
  'dropsBoth',
  'dropsUnreadable',
  'keepsUnreadable',
  'auditGoesOn',
  'mendsInPlace',
  'mendKeepsHandle',
  // Keys of tills.
  'turnsApart',
  'keepsTokens',
  'keepsFamily',
  'accessForEver',
  'trustsReused',
  'successorInMemory',
  'asksNoEarlier',
  // What was refused, afterwards.
  'againCountsEach',
  'againIgnoresHash',
  'againNotCounted',
  'againStoredAnswer',
  'noteCounts',
  'settlesWhenSent',
  'settlesAnyway',
  'noteApart',
  'tidiesSent',
] as const;
export type Mistake = (typeof mistakes)[number];

const none = Object.fromEntries(mistakes.map((name) => [name, false])) as Record<Mistake, boolean>;

export const product: Protocol = {
  judgeEntry,
  decideBatch,
  afterAnswer,
  afterFailure,
  placeAfter,
  isWholePublication,
  publicationStep,
  withPublished,
  flowsBetween,
  publicationOrder: inEffectOrder,
  afterAudit,
  replacedIn,
  mendingOf,
  isToReadAnew,
  judgeRotation,
  withSuccessor,
  turned,
  ...none,
};
