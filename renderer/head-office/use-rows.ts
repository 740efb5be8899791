/**
 * Rows of a table by keyboard: ↑ ↓ Home End choose, Enter opens, `/` goes to the search field, Esc leaves it. Rule kept:
 * the chosen row is a row's id, so that it stays chosen when the table is sorted anew; keys typed into a field are the
 * field's own.
 */
import { useEffect, useRef } from 'react';

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

export type RowKeys = {
  readonly ids: readonly string[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly onOpen?: ((id: string) => void) | undefined;
  /** The field that `/` goes to. */
  readonly searchId?: string | undefined;
  readonly letters?: Readonly<Record<string, () => void>> | undefined;
};

export function useRows(keys: RowKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { ids, chosen, onChoose, onOpen, searchId, letters } = latest.current;
      if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]') !== null) return;
      const inField = isField(event.target);
      const take = (work: () => void): void => {
        event.preventDefault();
        work();
      };
      const field = searchId === undefined ? null : document.getElementById(searchId);
      if (event.key === 'Escape' && inField && event.target instanceof HTMLElement) return event.target.blur();
      if (event.key === '/' && !inField && field !== null) return take(() => field.focus());
      if (inField && event.target !== field) return;
      const at = chosen === null ? -1 : ids.indexOf(chosen);
      const to = (index: number): void => {
        const id = ids[Math.min(Math.max(index, 0), ids.length - 1)];
        if (id === undefined) return;
        onChoose(id);
        document.querySelector(`[data-row="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' });
      };
      if (event.key === 'ArrowDown') return take(() => to(at + 1));
      if (event.key === 'ArrowUp') return take(() => to(at - 1));
      if (inField) return;
      if (event.key === 'Home') return take(() => to(0));
      if (event.key === 'End') return take(() => to(ids.length - 1));
      // Enter on a button or a link presses that.
      const isOnControl = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
      if (event.key === 'Enter' && !isOnControl && chosen !== null && onOpen !== undefined) {
        return take(() => onOpen(chosen));
      }
      const letter = letters?.[event.key.toLowerCase()];
      if (letter !== undefined) take(letter);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
}
