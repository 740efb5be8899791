/**
 * Watches what the till says of the last change and answers for ear and eye: sound, flash, chosen line, a
 * word. Rule kept: a notice is answered once, by its number; what was there at the start stays silent.
 */
import type { CartHeader } from '#contract/views.ts';
import { type SoundName, playSoon } from '../sound/sounds.ts';
import { errorWords } from '../words/errors.ts';
import { nameIn } from '../words/formats.ts';
import { languageNow, say } from '../words/words.ts';
import { cartStore } from './cart-store.ts';
import { flash } from './till-calls.ts';
import { tell, uiStore } from './ui-store.ts';

type NoticeNow = NonNullable<CartHeader['notice']>;

const hear = (sound: SoundName, tone: 'good' | 'bad'): void => {
  playSoon(sound);
  flash(tone);
};

function answer(notice: NoticeNow): void {
  switch (notice.kind) {
    case 'added':
      hear(notice.isSame ? 'addedAgain' : 'added', 'good');
      uiStore.patch({ chosen: notice.lineId, lineError: null, notice: null, savedNumber: null });
      return;
    case 'unknown':
      hear('unknown', 'bad');
      uiStore.patch({ chosen: notice.lineId, lineError: null, isPaying: false });
      return;
    case 'removed':
      tell(() => say('removed', { name: nameIn(notice, languageNow()) }), 'quiet', 8_000);
      uiStore.patch({ lineError: null });
      return;
    case 'changed':
      uiStore.patch({ lineError: null });
      return;
    case 'refused':
      hear('refused', 'bad');
      tell(() => errorWords(notice.error, say, languageNow()), 'bad', 6_000);
      return;
    case 'committed':
      playSoon('saved');
      return;
    case 'recalled':
      tell(() => say('recalledNow'), 'good');
      return;
    case 'undone':
      // Keys act on what came back, not on its neighbour.
      if (notice.lineId !== null) uiStore.patch({ chosen: notice.lineId, lineError: null });
      return;
    case 'held':
      return;
  }
}

export function watchCart(): () => void {
  let lastSeq: number | null = null;
  let lastChoice: string | null = null;
  return cartStore.subscribe(() => {
    const { header } = cartStore.get();
    if (header === null) return;
    const seq = header.notice?.seq ?? 0;
    if (lastSeq !== null && header.notice !== null && seq > lastSeq) answer(header.notice);
    lastSeq = seq;
    const choice = header.choice?.id ?? null;
    if (choice !== null && choice !== lastChoice) playSoon('choose');
    lastChoice = choice;
  });
}
