/**
 * What must hold, by name, and under which of the four counts a breach is told. Rule kept: a breach is blamed on one of
 * these names, so that a mutant's list says who found it. The six guarantees of sessions: Terry et al. 1994 for the
 * first four; a transaction is seen whole or not at all; who heard the same is in the same state (Shapiro et al. 2011).
 */
export type Findings = { lost: number; doubled: number; stuck: number; diverged: number };

export const checkers = {
  /** Everything that was done and whose disk lives is at head office, judged as it deserves. */
  nothingLost: 'lost',
  judgedRight: 'lost',
  gaplessNumbers: 'lost',
  numbersOnce: 'doubled',
  countedOnce: 'doubled',
  /** Days and goods of days are the sums of the accepted documents, to the paisa. */
  rollupIsSum: 'diverged',
  /** On hand is what the movements say, at each till and at head office. */
  stockIsLedger: 'diverged',
  /** What left a shelf is on a shelf, on its way, or named as lost; all of it is what the facts say, in any order. */
  goodsAreSomewhere: 'diverged',
  journalWhole: 'diverged',
  refusalsTold: 'diverged',
  /** What a till was told is stored is found there, at that moment. */
  readYourWrites: 'lost',
  /** A price never goes back to an older one, what a server says to have never becomes less within an epoch. */
  monotonicReads: 'diverged',
  /** What a till did first is there first. */
  monotonicWrites: 'diverged',
  /** A return is never there before its bill, a bill never before the word of the prices that it was made by. */
  writesFollowReads: 'diverged',
  /** After a crash and a restore nothing is there by half: shelf, publications, journal, place. */
  atomicTransactions: 'diverged',
  /** Who has heard the same sells the same, and in the end everybody what head office says. */
  strongConvergence: 'diverged',
  /** No row of a publication counts before all of them are there with the right hash. */
  wholePublications: 'diverged',
  duePublications: 'diverged',
  /** What is replaced is forgotten: a till keeps no row that says nothing. */
  replacedForgotten: 'diverged',
  /** A bill's price is the one in effect at that till at that moment. */
  priceInEffect: 'diverged',
  /** Who is said to sell by a publication does. */
  acksAreTrue: 'diverged',
  /** Small shapes: a till reads what its disk has taken, all of it; who keeps a table of its own goes by the same. */
  smallShapesWhole: 'diverged',
  smallShapesTold: 'diverged',
  /** Two that hold a till's key never both go on, and a used one opens nothing. */
  oneHolder: 'diverged',
  /** Nobody is locked out whose key nobody has copied, shut out or let lapse. */
  notLockedOut: 'stuck',
  /** What a supervisor wrote of what was refused is at head office. */
  notesTold: 'lost',
  forgersRefused: 'diverged',
  shutOut: 'diverged',
  liveness: 'stuck',
} as const satisfies Readonly<Record<string, keyof Findings>>;
export type Checker = keyof typeof checkers;
