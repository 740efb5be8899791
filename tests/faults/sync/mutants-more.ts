/**
 * Mistakes about what came to the protocol later: small shapes, tills' keys, what was refused and is sent again. Rule
 * kept: as mutants.ts, whose list this is part of.
 */
import { bent, flag, type Mutant } from './mutant.ts';
import { product } from './protocol.ts';

const { afterAudit, isToReadAnew, judgeRotation, mendingOf, withSuccessor, turned } = product;

export const ofSmallShapes: readonly Mutant[] = [
  flag('sendsOthersRows', "a till gets another store's rows of a small shape"),
  flag('sentPlaceFirst', 'the place in a small shape is written before its rows'),
  flag('takersApart', 'who keeps a table of its own is told in a transaction of its own'),
  flag('keepsGathered', 'what an earlier fetch from the start had gathered is not thrown away'),
  flag('stagesInPlace', 'what is gathered from the start is read before it is whole'),
  flag('finishesEarly', 'a small shape counts as whole with its first piece'),
  flag('switchesApart', 'the place is written before the switch to what was gathered'),
  flag('tellsOnlyNew', 'of a fetch from the start nobody is told what is no longer there'),
  flag('allBeatsOwn', "the rule for every store counts before the store's own"),
  flag('dropsBoth', "with the store's own row the one for every store goes too"),
  flag('dropsUnreadable', 'a row of a later version is thrown away'),
  flag('keepsUnreadable', 'a row that cannot be read leaves the one before it in force'),
  flag('auditGoesOn', 'what was lost is said, and nothing is read again'),
  bent('the audit counts and does not compare', {
    afterAudit: (before, at, ours, theirs) => afterAudit(before, at, ours, ours.count === theirs.count ? ours : theirs),
  }),
  flag(
    'mendsInPlace',
    'what a log lacked is written where it stood, behind those who follow',
    'the log is right then, so who follows reads all anew: more is sent, nothing else changes',
  ),
  flag('mendKeepsHandle', 'a log that begins anew keeps its handle', 'as above'),
  bent('a log that is not what its table says is called right', { mendingOf: () => ({ kind: 'whole' }) }),
  bent('of a log that differs only what is missing is mended', {
    mendingOf: (logged, truth, ...rest) => {
      const all = new Map([...logged].filter(([key]) => truth.has(key)));
      return mendingOf(all, truth, ...rest);
    },
  }),
  bent('a row that the log has otherwise is taken for right', {
    mendingOf: (logged, truth, spokenOf, _isSame, most) => mendingOf(logged, truth, spokenOf, () => true, most),
  }),
  bent('a till whose rows the log does not explain keeps them', {
    isToReadAnew: (outcome) => outcome !== 'whole' && isToReadAnew(outcome),
  }),
  bent('the audit begins anew with each look', {
    afterAudit: (_, at, ours, theirs) => afterAudit(null, at, ours, theirs),
  }),
  bent(
    'what differs once counts as lost',
    { afterAudit: (_, at, ours, theirs) => afterAudit({ times: 2, at }, at, ours, theirs) },
    'it reads all again where something was only on its way: more is sent, nothing else changes',
  ),
];

export const ofKeys: readonly Mutant[] = [
  flag('turnsApart', 'a key is used up in a transaction of its own, before its successor is known'),
  flag('keepsTokens', 'a new code leaves what the till held before'),
  flag('keepsFamily', 'a new code leaves the access tokens of before'),
  flag('accessForEver', 'an access token is good for ever'),
  flag('trustsReused', 'a till whose key two hold is let in'),
  flag('successorInMemory', 'the next key is offered before it is written down'),
  flag('asksNoEarlier', 'a till whose server forgot its key does not show what it used before'),
  bent('a used key opens again', {
    judgeRotation: (shown) => {
      const judgement = judgeRotation(shown);
      return judgement === 'twoHold' ? 'turned' : judgement;
    },
  }),
  bent('the same rotation, sent again, is taken for a second holder', {
    judgeRotation: (shown) => {
      const judgement = judgeRotation(shown);
      return judgement === 'turned' ? 'twoHold' : judgement;
    },
  }),
  bent('whether the successor is used up is not looked at', {
    judgeRotation: (shown) => judgeRotation({ ...shown, token: { ...shown.token, isSuccessorUsed: false } }),
  }),
  bent('two holders are turned away, and nobody is shut out', {
    judgeRotation: (shown) => {
      const judgement = judgeRotation(shown);
      return judgement === 'twoHold' ? 'unknown' : judgement;
    },
  }),
  bent('a key never lapses', {
    judgeRotation: (shown) => {
      const { token } = shown;
      const lives = { ...token, expiresAtMs: shown.nowMs + 1, successorExpiresAtMs: shown.nowMs + 1 };
      return judgeRotation({ ...shown, token: lives });
    },
  }),
  bent('a rotation that is sent again never lapses', {
    judgeRotation: (shown) =>
      judgeRotation({ ...shown, token: { ...shown.token, successorExpiresAtMs: shown.nowMs + 1 } }),
  }),
  bent('a till that is shut out turns its key', {
    judgeRotation: (shown) => judgeRotation({ ...shown, refusal: null }),
  }),
  bent('each try offers another successor', {
    withSuccessor: (ring, makeSecret) => withSuccessor({ ...ring, next: null }, makeSecret),
  }),
  bent('the till goes on with the key that it has used up', {
    turned: (ring) => ({ ...turned(ring), refresh: ring.refresh }),
  }),
  bent('the till forgets what it used before', { turned: (ring) => ({ ...turned(ring), earlier: [] }) }),
  bent('the till keeps only the last of what it used before', {
    turned: (ring) => ({ ...turned(ring), earlier: [ring.refresh] }),
  }),
  bent(
    'a successor that was shown before is taken',
    { judgeRotation: (shown) => judgeRotation({ ...shown, isNextKnown: false }) },
    'no till draws a secret twice: it is a second lock',
  ),
];

export const ofRefused: readonly Mutant[] = [
  flag('againCountsEach', 'each time that a bill is sent again it is counted'),
  flag('againIgnoresHash', 'another text is taken in place of what was refused'),
  flag('againNotCounted', 'what is taken when it is sent again is in no sum'),
  flag('againStoredAnswer', 'what was refused once stays refused whatever head office knows by now'),
  flag('noteCounts', 'what a supervisor lets be counts as sold'),
  flag('settlesWhenSent', 'what is sent again counts as taken when it leaves'),
  flag('settlesAnyway', 'what is sent again counts as taken whatever the answer'),
  flag('noteApart', 'a decision and its word are written in two transactions'),
  flag('tidiesSent', 'what was sent a week ago is tidied away and can not be sent again'),
];
