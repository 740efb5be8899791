/**
 * The scan field: where the caret lives. Rule kept: it takes text from the first moment, also while the
 * catalogue opens; a scan is never typed into it. Its chip says what the next item becomes.
 */
import { useEffect, useRef } from 'react';
import { Icon } from '../parts/icons.tsx';
import { useWords } from '../words/words.ts';
import { chipText, typeText } from './scan-text.ts';
import { useUi } from './ui-store.ts';

export function ScanField() {
  const { say } = useWords();
  const { text, chip, flash, results } = useUi((ui) => ({
    text: ui.text,
    chip: ui.chip,
    flash: ui.flash,
    results: ui.results !== null,
  }));
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
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
        value={text}
        placeholder={chip === null ? say('scanField') : ''}
        aria-label={say('scanFieldLabel')}
        role="combobox"
        aria-expanded={results}
        aria-controls="bm-results"
        aria-autocomplete="list"
        data-default-field=""
        data-testid="scan-field"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => typeText(event.currentTarget.value)}
      />
    </div>
  );
}
