import { describe, expect, it } from 'vitest';
import { keyNameOf } from './chords.ts';
import { actionFor, type ActionId, type KeyName, keyNames, type KeyState, keyStates, scanTable } from './key-map.ts';

// The table of screens.md §4.2, written down a second time by hand; '–' is a soft tick.
const written = `
Enter      | – | – | pickOrCode | payEnter | formEnter | signIn
Up         | – | chooseLine | chooseResult | chooseTender | formMove | –
Down       | – | chooseLine | chooseResult | chooseTender | formMove | –
PageUp     | – | chooseLine | chooseResult | chooseTender | formMove | –
PageDown   | – | chooseLine | chooseResult | chooseTender | formMove | –
Home       | – | chooseLine | chooseResult | chooseTender | formMove | –
End        | – | chooseLine | chooseResult | chooseTender | formMove | –
Star       | – | lineQtyStart | nextTimes | – | – | –
Slash      | – | – | nextWorth | – | – | –
Plus       | – | stepUp | – | nextNote | – | –
Minus      | – | stepDown | – | previousNote | – | –
Delete     | – | removeLine | clearText | takeBackTender | clearField | –
CtrlZ      | – | undo | undoTyping | – | – | –
Escape     | – | clearChip | clearText | backToItems | formBack | –
F1         | showKeys | showKeys | showKeys | showKeys | showKeys | showKeys
F2         | – | editQty | – | – | countAgain | –
F3         | – | editDiscount | – | – | – | –
F4         | – | editPrice | – | – | – | –
F5         | – | hold | – | hold | – | –
F6         | recall | recall | – | – | – | –
F7         | customer | customer | – | customer | – | –
F8         | returnGoods | returnGoods | – | – | – | –
F9         | – | pay | pickThenPay | finish | – | –
F10        | looseBoard | looseBoard | – | – | – | –
F11        | notInShop | notInShop | notInShop | – | – | –
F12        | more | more | – | – | – | –
CtrlK      | palette | palette | palette | – | – | –
CtrlP      | reprint | reprint | – | – | printReport | –
CtrlL      | lock | lock | – | – | – | –
CtrlDelete | – | dropBill | – | – | – | –
CtrlA      | – | – | – | – | formAccept | –
LetterC    | – | – | – | tenderCash | – | –
LetterU    | – | – | – | tenderUpi | – | –
LetterD    | – | – | – | tenderCard | – | –
LetterK    | – | – | – | – | – | –
LetterN    | – | – | – | – | – | –
LetterP    | – | – | – | – | – | –
LetterL    | – | – | – | settleLater | – | –
LetterW    | – | – | – | – | – | –
`;
const rows = written
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('the keyboard map', () => {
  it('names every key once', () => {
    expect(rows.map((cells) => cells[0])).toEqual([...keyNames]);
  });
  for (const cells of rows) {
    const key = cells[0] as KeyName;
    keyStates.forEach((state: KeyState, i) => {
      const cell = cells[i + 1] ?? '';
      it(`${key} in ${state}: ${cell}`, () => {
        expect(actionFor(key, state)).toBe(cell === '–' ? null : (cell as ActionId));
      });
    });
  }
  it.each([
    ['empty', 'add'],
    ['cart', 'add'],
    ['text', 'clearAndAdd'],
    ['pay', 'add'],
    ['form', 'wait'],
    ['locked', 'keepForSignIn'],
  ] as const)('a scan in %s: %s', (state, fate) => {
    expect(scanTable[state]).toBe(fate);
  });
});

describe('which key it is', () => {
  const press = (code: string, more: Partial<Parameters<typeof keyNameOf>[0]> = {}) =>
    keyNameOf({ code, char: null, ctrl: false, alt: false, shift: false, ...more });
  it('goes by the physical place: a Hindi layout changes nothing', () => {
    expect(press('KeyU', { char: 'ह' })).toBe('LetterU');
  });
  it('takes the sign of the main block and of the number pad', () => {
    expect(press('Digit8', { char: '*', shift: true })).toBe('Star');
    expect(press('NumpadMultiply', { char: '*' })).toBe('Star');
    expect(press('Equal', { char: '+', shift: true })).toBe('Plus');
    expect(press('NumpadSubtract', { char: '-' })).toBe('Minus');
  });
  it('knows chords and leaves Alt to the system', () => {
    expect(press('KeyL', { ctrl: true })).toBe('CtrlL');
    expect(press('Enter', { ctrl: true })).toBe('CtrlA');
    expect(press('Delete', { ctrl: true })).toBe('CtrlDelete');
    expect(press('KeyL', { ctrl: true, alt: true })).toBeNull();
    expect(press('KeyX')).toBeNull();
  });
});
