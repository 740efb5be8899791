/** A bill that another page wants taken back: its number stands in the field when Returns opens. Rule kept: used once. */
import { makeStore } from '../state/store.ts';

export const returnWanted = makeStore('');
