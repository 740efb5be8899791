/**
 * The scan field: where the caret lives. Rule kept: it takes text from the first moment, also while the
 * catalogue opens; a scan is never typed into it. What is typed is told to the screen after a scanner's gap of
 * silence, so the first keys of a scan draw nothing.
 */
import { memo, useEffect, useLayoutEffect, useRef } from 'react';
import { defaultGapMs } from '../keys/burst.ts';
import { Icon } from '../parts/icons.tsx';
import { useWords } from '../words/words.ts';
import { chipText, typeText } from './scan-text.ts';
import { setPendingText, uiStore, useUi } from './ui-store.ts';

let timer: ReturnType<typeof setTimeout> | undefined;

function tellSoon(field: HTMLInputElement): void {
  clearTimeout(timer);
  const tellNow = (): void => {
    setPendingText(null);
    if (field.isConnected && field.value !== uiStore.get().text) typeText(field.value);
  };
  setPendingText({ text: () => (field.isConnected ? field.value : ''), tellNow });
  timer = setTimeout(tellNow, defaultGapMs - 3);
}

export const ScanField = memo(function ScanField() {
  const { say } = useWords();
  const { chip, flash, hasResults } = useUi((ui) => ({
    chip: ui.chip,
    flash: ui.flash,
    hasResults: ui.results !== null,
  }));
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  // The screen changes the text too: cleared after a pick, `*` put in by a key.
  useLayoutEffect(() => {
    let shown = '';
    const follow = (): void => {
      const { text } = uiStore.get();
      if (text === shown) return;
      shown = text;
      if (field.current !== null && field.current.value !== text) field.current.value = text;
    };
    follow();
    return uiStore.subscribe(follow);
  }, []);
  return (
    <div className={flash === null ? 'bm-scan' : `bm-scan bm-scan-flash-${flash}`}>
      <Icon name="scan" size={24} />
      {chip === null ? null : (
        <span className="bm-chip" data-testid="chip">
          {chipText(chip)}
        </span>
      )}
      <input
        ref={field}
        defaultValue=""
        placeholder={chip === null ? say('scanField') : ''}
        aria-label={say('scanFieldLabel')}
        role="combobox"
        aria-expanded={hasResults}
        aria-controls="bm-results"
        aria-autocomplete="list"
        data-default-field=""
        data-testid="scan-field"
        spellCheck={false}
        autoComplete="off"
        onInput={(event) => tellSoon(event.currentTarget)}
      />
    </div>
  );
});
