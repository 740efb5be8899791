/**
 * Small dealings with text fields: which one has the caret, put text in, put it back. Rule kept: a change
 * made here is announced as the browser would announce typing, so that React sees it.
 */
export type TextField = HTMLInputElement | HTMLTextAreaElement;
export type Remembered = {
  readonly field: TextField;
  readonly value: string;
  readonly start: number | null;
  readonly end: number | null;
};

const writableTypes = new Set(['text', 'password', 'search', 'tel', 'url', 'number', 'email']);

const isLocked = (field: HTMLInputElement): boolean => field.readOnly || field.disabled;

export const asTextField = (node: Element | null): TextField | null => {
  if (node instanceof HTMLTextAreaElement) return node;
  return node instanceof HTMLInputElement && writableTypes.has(node.type) && !isLocked(node) ? node : null;
};
export const focusedField = (): TextField | null => asTextField(document.activeElement);

/** Nothing that takes keys is focused: the page itself, or a field that was locked under the caret. */
export function hasNoCaret(): boolean {
  const focus = document.activeElement;
  return focus === null || focus === document.body || (focus instanceof HTMLInputElement && isLocked(focus));
}

const openForm = (): Element | null => [...document.querySelectorAll('[data-form]')].at(-1) ?? null;

/** The field that takes what is typed when nothing has the caret: the open form's, else the screen's. */
export function defaultField(): TextField | null {
  const form = openForm();
  const home = form ?? document;
  if (form?.matches('[data-default-field]') === true) return asTextField(form);
  return asTextField([...home.querySelectorAll('[data-default-field]')].at(-1) ?? null);
}

/** Whether a field belongs to the form that is open. */
export const isInForm = (field: TextField | null): boolean => field !== null && openForm()?.contains(field) === true;

export function setFieldText(field: TextField, text: string): void {
  const owner = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(owner, 'value')?.set?.call(field, text);
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

export function typeInto(field: TextField, text: string): void {
  const start = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? start;
  setFieldText(field, field.value.slice(0, start) + text + field.value.slice(end));
  field.setSelectionRange(start + text.length, start + text.length);
}

export const remember = (field: TextField): Remembered => ({
  field,
  value: field.value,
  start: field.selectionStart,
  end: field.selectionEnd,
});

export function putBack(before: Remembered): void {
  if (!before.field.isConnected || before.field.value === before.value) return;
  setFieldText(before.field, before.value);
  before.field.setSelectionRange(before.start, before.end);
}

/** Moves to the next field of the open form; false at its end. What is rare (data-passed-by) is reached by Tab only. */
export function walkToNextField(): boolean {
  const form = openForm();
  if (form === null) return false;
  const fields = [
    ...form.querySelectorAll<HTMLElement>(
      'input:not([type=hidden]):not([disabled]):not([data-passed-by]), select, textarea',
    ),
  ];
  const at = fields.indexOf(document.activeElement as HTMLElement);
  const next = fields[at + 1];
  if (at < 0 || next === undefined) return false;
  next.focus();
  if (next instanceof HTMLInputElement) next.select();
  return true;
}
