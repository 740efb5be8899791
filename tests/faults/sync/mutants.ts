/**
 * The protocol with one mistake in it, one mistake each: what the simulator is there to find. Rule kept: each is a
 * mistake that somebody could make; one that changes nothing is listed as equivalent, with the reason. A bug that is
 * found elsewhere gets its mutant here first.
 */
import { firstProgress } from '#till/sync/push-steps.ts';
import { answering, believing, bent, deciding, flag, type Mutant } from './mutant.ts';
import { ofKeys, ofRefused, ofSmallShapes } from './mutants-more.ts';
import { product } from './protocol.ts';

const { afterAnswer, decideBatch, afterFailure, isWholePublication, publicationStep, withPublished } = product;

const ofServer: readonly Mutant[] = [
  flag('acksBeforeCommit', 'the server answers before it commits'),
  flag('sumsApart', 'entries and sums in two transactions'),
  flag('sumsFirst', 'sums are written before the transaction that stores the entries'),
  flag('countsRefused', 'sums count refused bills'),
  flag('countsAgain', 'sums count what was stored before'),
  flag('addsRefunds', 'goods of a credit note count as sold'),
  flag('daysByArrival', 'sums go to the day of arrival'),
  flag('stockOfAllReturns', 'what came back and can not be sold again counts as on hand at head office'),
  flag('stockInPacks', 'stock at head office counts packs, not pieces'),
  flag('wordsApart', 'who has which prices is written after the commit, in a transaction of its own'),
  flag('arrivalWins', 'word that prices arrived, coming again, undoes the word that they are sold by'),
  flag('trustsRevoked', 'a till that was shut out is served'),
  flag('feedsWhoIsShutOut', 'a till that was shut out may go on reading shapes'),
  bent('no unique key: the server forgets what it has stored', {
    decideBatch: (judged, _, taken) => decideBatch(judged, new Map(), taken),
  }),
  bent('the unique key is the id with its hash', {
    decideBatch: (judged, stored, taken) =>
      decideBatch(
        judged.map((one) =>
          stored.get(`${one.entry.kind} ${one.entry.id}`)?.hash === one.hash
            ? one
            : { ...one, entry: { ...one.entry, kind: `${one.entry.kind}${one.hash.slice(0, 2)}` } },
        ),
        stored,
        taken,
      ),
  }),
  bent(
    'numbers are not looked at',
    {
      decideBatch: (judged, stored) => decideBatch(judged, stored, new Set()),
    },
    'no till here draws a number twice while the series are kept apart, which is a mutant of its own',
  ),
  bent('the same id with other content is believed to be the same', {
    decideBatch: (judged, stored, taken) =>
      decideBatch(
        judged.map((one) => ({ ...one, hash: stored.get(`${one.entry.kind} ${one.entry.id}`)?.hash ?? one.hash })),
        stored,
        taken,
      ),
  }),
  believing('totals are believed', 'doesNotAddUp'),
  believing("another store's bills are believed", 'notYours'),
  bent('the whole batch is refused for one bad entry', {
    decideBatch: (judged, stored, taken) => {
      const bad = judged.find((one) => one.rejection !== null)?.rejection;
      return decideBatch(
        bad === undefined || bad === null
          ? judged
          : judged.map((one) => ({ ...one, rejection: bad, document: null, number: null })),
        stored,
        taken,
      );
    },
  }),
  deciding('a refused entry is not stored', (decision) => ({
    ...decision,
    fresh: decision.fresh.filter((one) => one.rejection === null),
  })),
  deciding('the server drops the last of a batch', (decision) => ({
    ...decision,
    fresh: decision.fresh.slice(0, Math.max(1, decision.fresh.length - 1)),
  })),
  deciding('no more than twelve entries of a batch are stored', (decision) => ({
    ...decision,
    fresh: decision.fresh.slice(0, 12),
  })),
  deciding(
    'answers go out in another order',
    (decision) => ({ ...decision, answers: decision.answers.toReversed() }),
    'the till compares ids, takes it for no answer and comes down to one entry, which has one order: only slower',
  ),
  deciding('what was stored before is not answered', (decision) => ({
    ...decision,
    answers: decision.answers.filter(({ id }) => decision.fresh.some((one) => one.judged.entry.id === id)),
  })),
  deciding(
    'fresh entries are stored in another order',
    (decision) => ({ ...decision, fresh: decision.fresh.toReversed() }),
    'they are stored in one transaction and their sums are sums: no reader sees the order',
  ),
];

const flows = product.flowsBetween;
const ofTransfers: readonly Mutant[] = [
  flag('movesFactsAgain', 'a fact of a transfer that comes again moves goods again'),
  flag('movesApartFromFacts', "a transfer's goods move after the commit, in a transaction of their own"),
  bent('goods that were received are still on the way', {
    flowsBetween: (before, after) => flows(before, after).filter((one) => one.kind !== 'transit' || one.qtyMilli > 0),
  }),
  bent('what did not arrive is nowhere', {
    flowsBetween: (before, after) => flows(before, after).filter((one) => one.kind !== 'lost'),
  }),
  bent('a receipt that comes before its challan is left out', {
    flowsBetween: (before, after) => {
      const added = after.find((one) => !before.some(({ id }) => id === one.id));
      const isEarly = added?.type === 'transferDispatched' && after.some((one) => one.type === 'transferReceived');
      return isEarly
        ? flows(
            before.filter((one) => one.type !== 'transferReceived'),
            [...before, added],
          )
        : flows(before, after);
    },
  }),
  bent('the receipt that came last counts, whatever its time', {
    flowsBetween: (before, after) => {
      const added = after.filter((one) => !before.some(({ id }) => id === one.id));
      return flows(
        before,
        [...before, ...added].map((one, i) => ({ ...one, atMs: (1_000 - i) as never })),
      );
    },
  }),
  bent('every receipt of a challan counts', {
    flowsBetween: (before, after) => {
      const added = after.filter((one) => !before.some(({ id }) => id === one.id));
      const challans = after.filter((one) => one.type === 'transferDispatched');
      return added.some((one) => one.type === 'transferReceived')
        ? flows(challans, [...challans, ...added])
        : flows(before, after);
    },
  }),
  bent('a second challan of a transfer takes the place of the first', {
    flowsBetween: (before, after) => {
      const last = after.findLast((one) => one.type === 'transferDispatched');
      const only = (events: typeof after) =>
        events.filter((one) => one.type !== 'transferDispatched' || one.id === last?.id);
      return flows(before, only(after));
    },
  }),
];

const ofTill: readonly Mutant[] = [
  flag('marksWhenSent', 'the till counts a batch as sent when it leaves'),
  flag('marksWhenLate', 'the till counts everything as sent when no answer comes'),
  flag('takesLateAnswers', 'a late answer counts'),
  flag('marksBeforeKeeping', 'a refusal is written down after the batch counts as sent'),
  flag('dropsWhenRevoked', 'a till that is shut out drops what waits'),
  flag('sendsBackwards', 'newest first'),
  flag('skipsFirst', 'a batch begins one entry too late'),
  flag(
    'forgetsSent',
    'what was sent is written to disk late',
    'the server answers the same again: more is sent, nothing else changes',
  ),
  answering('a refusal stops the queue', (means, [progress]) =>
    means.refused.length > 0 ? { kind: 'failed', next: progress } : means,
  ),
  answering('a refusal is not kept aside', (means) => ({ ...means, refused: [] })),
  answering('only the first refusal of a batch is kept aside', (means) => ({
    ...means,
    refused: means.refused.slice(0, 1),
  })),
  answering('one entry too many counts as sent', (means) => ({ ...means, throughSeq: means.throughSeq + 1 })),
  answering('one entry too few counts as sent', (means) => ({ ...means, throughSeq: means.throughSeq - 1 })),
  answering(
    'sent is counted in entries, not by their place',
    (means, [, entries]) => ({
      ...means,
      throughSeq: (entries[0]?.seq ?? 1) - 1 + entries.length,
    }),
    'entries that stay in the shop only make it too low, so some are sent again and answered the same',
  ),
  answering('everything up to the batch size counts as sent', (means, [progress, entries]) => ({
    ...means,
    throughSeq: (entries[0]?.seq ?? 1) - 1 + progress.batch,
  })),
  bent('answers go out in another order and the till does not compare', {
    decideBatch: (...of) => {
      const decision = decideBatch(...of);
      return { ...decision, answers: decision.answers.toReversed() };
    },
    afterAnswer: (progress, entries, answers) =>
      afterAnswer(
        progress,
        entries,
        entries.map(({ id, seq }, i) => ({ ...(answers[i] ?? { outcome: 'accepted' }), id, seq }) as never),
      ),
  }),
  bent(
    'an answer of another length counts',
    {
      afterAnswer: (progress, entries, answers) => {
        const last = entries.at(-1);
        const means = afterAnswer(progress, entries.slice(0, answers.length), answers);
        return means.kind === 'sent' && last !== undefined ? { ...means, throughSeq: last.seq } : means;
      },
    },
    'the server answers every entry of a batch: there is no other length while it keeps its own rule',
  ),
  bent('a batch shrinks to nothing after failures', {
    afterFailure: (progress) => ({ ...afterFailure(progress), batch: Math.floor(progress.batch / 2) }),
  }),
  bent(
    'a batch never grows again',
    {
      afterAnswer: (progress, entries, answers) => {
        const means = afterAnswer(progress, entries, answers);
        return { ...means, next: { ...means.next, batch: Math.min(means.next.batch, firstProgress.batch) } };
      },
    },
    'it is only slower: speed is measured in the bench, not here',
  ),
];

/** Since a new epoch makes everything go again. */
const secondNet = 'a gap comes of a restore only, and its epoch makes all go again: how far it has all is a second net';

const ofRestore: readonly Mutant[] = [
  flag('keepsEpoch', 'a server that was restored says that it is the same'),
  flag('throughOverGaps', 'the server says that it has all before the last entry, whatever is missing', secondNet),
  flag('epochFirst', 'the epoch is written down before what it asks for'),
  flag('epochLast', 'the first epoch is written down after entries count as sent'),
  bent('what the server says of its place is not heard', { placeAfter: (lastSeq) => lastSeq }),
  bent('the epoch is not compared: a disk and a server that were both restored count their entries otherwise', {
    placeAfter: (lastSeq, told) => product.placeAfter(lastSeq, told, null),
  }),
  bent(
    'how far the server has all is not looked at',
    {
      placeAfter: (lastSeq, told, kept) => (product.placeAfter(lastSeq, told, kept) === 0 ? 0 : lastSeq),
    },
    secondNet,
  ),
  bent('everything goes again after each answer', { placeAfter: () => 0 }),
];

const ofDisk: readonly Mutant[] = [
  flag('keepsSeries', 'a restored till goes on in its series'),
  flag('keepsSent', 'a restored till remembers what its dead disk had sent'),
  flag('journalApart', 'the journal is written after the bill, in a transaction of its own'),
  flag('journalFirst', 'the journal is written before the bill, in a transaction of its own'),
  flag('idsOfSubjects', 'an entry goes under the id of what it is about, which may come many times'),
  flag('numberApart', 'a number is drawn in a transaction of its own'),
  flag('movesApart', 'goods leave the ledger before the bill, in a transaction of their own'),
  flag('foldsApart', 'balances are written before the place to which they go, in a transaction of their own'),
];

const ofCatalogue: readonly Mutant[] = [
  flag('placeFirst', 'the place in the shape is written before its rows'),
  flag(
    'rowsFirst',
    'rows are written before the place',
    'the same rows are put once more from the old place: putting is idempotent',
  ),
  flag('keepsDropped', 'what is not in a fetch from the start stays'),
  flag('ignoresRefetch', 'a shape that begins anew is taken for the old one'),
  flag('takesLateShapes', 'a late answer of the shape is applied'),
  flag('placeOfServer', 'the place moves by one more than what was applied'),
  flag('wholeTooEarly', 'a fetch from the start is put in place before it is whole'),
  flag('handleOutlives', "a server's restart keeps the handle of a log that it has not"),
  flag('logHasAGap', "the fourth change of a transaction is not in the shape's log"),
  flag('snapshotTooOld', 'what was committed while the snapshot was taken is in neither, snapshot nor log'),
  flag('logRepeats', 'what the snapshot holds already comes again from the log, as it was'),
];

const ofPublications: readonly Mutant[] = [
  bent('a publication is used before it is whole', { isWholePublication: () => true }),
  bent("a publication's rows are counted and not compared", {
    isWholePublication: (head, rowCount) => rowCount === head.rowCount,
  }),
  bent('all but one row of a publication is enough', {
    isWholePublication: (head, rowCount) => rowCount >= head.rowCount - 1,
  }),
  bent('rows are hashed in the order in which they came', {
    isWholePublication: (head, rowCount, rows) => {
      const ids = rows().map((row) => row.itemId);
      const isInOrder = ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? ''));
      return isInOrder && isWholePublication(head, rowCount, rows);
    },
  }),
  bent('a publication is used before its time', {
    publicationStep: (one, nowMs, isWhole) => {
      const step = publicationStep(one, nowMs, isWhole);
      return { ...step, takesEffect: step.arrives || one.arrivedAtMs !== null };
    },
  }),
  bent('a publication is used an hour before its time', {
    publicationStep: (one, nowMs, isWhole) => publicationStep(one, nowMs + 3_600_000, isWhole),
  }),
  bent('a publication whose time comes later is never looked at again', {
    publicationStep: (one, nowMs, isWhole) => {
      const step = publicationStep(one, nowMs, isWhole);
      return { ...step, takesEffect: step.takesEffect && step.arrives };
    },
  }),
  bent('a publication that comes after its time is left out', {
    publicationStep: (one, nowMs, isWhole) => {
      const step = publicationStep(one, nowMs, isWhole);
      const isLate = one.effectiveAtMs < (one.arrivedAtMs ?? nowMs) - 3_600_000;
      return { ...step, takesEffect: step.takesEffect && !isLate };
    },
  }),
  bent('a publication is due when it was published, not when it takes effect', {
    publicationStep: (one, nowMs, isWhole) =>
      publicationStep({ ...one, effectiveAtMs: one.publishedAtMs }, nowMs, isWhole),
  }),
  bent('what is due is used whether it ever was whole or not', {
    publicationStep: (one, nowMs, isWhole) => ({
      ...publicationStep(one, nowMs, isWhole),
      takesEffect: one.effectiveAtMs <= nowMs,
    }),
  }),
  bent('the publication that was ordered last wins, whatever its time', {
    publicationOrder: (a, b) => a.publishedAtMs - b.publishedAtMs || (a.id < b.id ? -1 : 1),
  }),
  bent('of two publications for one time the one with the lesser id wins', {
    publicationOrder: (a, b) => a.effectiveAtMs - b.effectiveAtMs || (a.id < b.id ? 1 : -1),
  }),
  bent('publications take effect in the reverse order of their times', {
    publicationOrder: (a, b) => b.effectiveAtMs - a.effectiveAtMs || (a.id < b.id ? -1 : 1),
  }),
  bent('only the first publication of an item counts', {
    withPublished: (id, before, changes) => withPublished(id, before, changes.slice(0, 1)),
  }),
  bent('new goods are not made by a publication', {
    withPublished: (id, before, changes) => (before === null ? null : withPublished(id, before, changes)),
  }),
  bent('a publication puts goods back for sale that head office has no more', {
    withPublished: (id, before, changes) => {
      const item = withPublished(id, before, changes);
      return item === null || changes.length === 0 ? item : { ...item, isActive: true };
    },
  }),
  bent(
    'only the last publication of an item counts',
    { withPublished: (id, before, changes) => withPublished(id, before, changes.slice(-1)) },
    'each publication here says the same fields of an item; that earlier ones keep theirs is a test of core',
  ),
  flag('catalogueWins', 'a row of the catalogue undoes what was published for its goods'),
  flag('piecesApart', 'the place in the stream of publications is kept, what came before it is not'),
  flag('ignoresNewLog', 'a stream of publications that begins anew is taken for the old one'),
  bent('what is replaced is kept for ever', { replacedIn: () => [] }),
  bent('with what is replaced the last word goes too', { replacedIn: (all) => [...all.keys()] }),
  bent('what came first stays, and what replaced it goes', { replacedIn: (all) => [...all.keys()].slice(1) }),
  flag('headsAnew', 'a head that comes again forgets that its publication is in effect'),
  flag(
    'piecesLate',
    'what came is not looked at until the clock wakes the till',
    'it is looked at a little later, as where the time has not come',
  ),
  flag('tellsArrivalApart', 'that a publication has arrived is told in a transaction of its own'),
  flag('tellsAppliedApart', 'that a publication is sold by is told in a transaction of its own, after it'),
  flag('tellsBeforeApplying', 'that a publication is sold by is told before it is, in a transaction of its own'),
  flag('appliedBeforeRows', 'a publication counts as in effect before its rows are written'),
  flag('rowsOneByOne', 'the rows of a publication are written one by one, each in a transaction of its own'),
];

export const mutants: readonly Mutant[] = [
  ...ofServer,
  ...ofTransfers,
  ...ofTill,
  ...ofRestore,
  ...ofDisk,
  ...ofCatalogue,
  ...ofPublications,
  ...ofSmallShapes,
  ...ofKeys,
  ...ofRefused,
];
