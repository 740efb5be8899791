/**
 * The label designer: what is on the label, the exact picture under the hand, the chosen thing's fields. Rule kept:
 * all of it by keys (arrows move, + and − size, [ and ] choose, Ctrl Z undoes) and by mouse; a preset is saved as a
 * new label, never over itself. Only Save writes anything.
 */
import { UnstyledButton } from '@mantine/core';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { LabelDesigns } from '#contract/till-label.ts';
import type { Language } from '#contract/views.ts';
import type { LabelDesign, LabelItem } from '#core/label/label-design.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { tell } from '../counter/ui-store.ts';
import { asTextField, focusedField, setFieldText } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import type { KeyPress } from '../keys/key-map.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Cap, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { DesignCanvas } from './design-canvas.tsx';
import * as edit from './design-edit.ts';
import { ItemFields, PaperFields } from './design-fields.tsx';
import { Notices, usePreview } from './label-picture.tsx';
import { type LabelRow, weightOf } from './label-rows.ts';
import { designName, itemWords } from './label-words.ts';

export type DesignPageProps = {
  readonly start: LabelDesign;
  readonly designs: LabelDesigns;
  readonly language: Language;
  /** Goods to look at it with; null: made-up ones. */
  readonly row: LabelRow | null;
  readonly onDesigns: (designs: LabelDesigns, id: string) => void;
  readonly onBack: () => void;
};

type Room = { readonly width: number; readonly height: number };
/** Pixels for a millimetre: as large as the room allows, no larger than 14. */
const scaleOf = ({ paper }: LabelDesign, room: Room): number =>
  Math.max(1, Math.min((room.width - 24) / paper.widthMm, (room.height - 24) / paper.heightMm, 14));

/** The room of an element, as the window changes. */
function useRoom(): { readonly box: RefObject<HTMLDivElement | null>; readonly room: Room } {
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Room>({ width: 520, height: 260 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setRoom({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, room };
}

const isWriting = (): boolean =>
  asTextField(document.activeElement) !== null || document.activeElement instanceof HTMLSelectElement;

export function DesignPage(props: DesignPageProps) {
  const { say } = useWords();
  const { start, designs, language, row } = props;
  const isPreset = designs.presetIds.includes(start.id);
  const [draft, setDraft] = useState(() =>
    edit.startDraft(isPreset ? { ...start, name: `${designName(start, say)} · ${say('ldOwn')}`.slice(0, 60) } : start),
  );
  const [error, setError] = useState('');
  const { box, room } = useRoom();
  const { design, at } = draft;
  const item = design.items[at];
  const { preview, error: previewError } = usePreview({
    design,
    language,
    itemId: row?.goods.itemId ?? null,
    batchId: row?.batchId ?? null,
    weightMilli: row === null ? null : weightOf(row),
  });
  const change = (next: (now: edit.Draft) => edit.Draft): void => {
    setError('');
    setDraft(next);
  };
  const save = async (isNew: boolean): Promise<void> => {
    const wanted = isNew ? { ...design, id: '' } : design;
    const answer = await ask((till) => till.label.saveDesign({ design: wanted }));
    if (!answer.ok) return setError(errorText(answer.error));
    const listed = await ask((till) => till.label.designs());
    if (listed.ok) props.onDesigns(listed.value, answer.value.id);
    tell(() => say('ldSaved', { name: answer.value.name }), 'good');
    props.onBack();
  };
  const remove = async (): Promise<void> => {
    const answer = await ask((till) => till.label.removeDesign({ id: start.id }));
    if (!answer.ok) return setError(errorText(answer.error));
    props.onDesigns(answer.value, answer.value.presetIds[0] ?? '');
    tell(() => say('ldRemoved', { name: start.name }), 'quiet');
    props.onBack();
  };
  const takes = (press: KeyPress): (() => void) | null => {
    if (press.ctrl || press.alt || isWriting()) return null;
    const by = press.shift ? 5 : 0.5;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-by, 0],
      ArrowRight: [by, 0],
      ArrowUp: [0, -by],
      ArrowDown: [0, by],
    };
    const move = moves[press.code];
    if (move !== undefined) return () => change((now) => edit.moveItem(now, move[0], move[1]));
    if (press.char === '+' || press.char === '-') {
      const grow = press.char === '+' ? 1 : -1;
      return () => change((now) => edit.growItem(now, grow));
    }
    if (press.char === '[' || press.char === ']') {
      const next = press.char === ']' ? 1 : -1;
      return () => change((now) => edit.choose(now, now.at + next));
    }
    return null;
  };
  const removeItem = (): void => {
    const field = focusedField();
    if (field !== null) return setFieldText(field, '');
    change(edit.removeItem);
  };
  useForm({
    name: 'labelDesign',
    back: props.onBack,
    accept: () => void save(isPreset),
    takes,
    del: removeItem,
    same: { CtrlZ: () => change(edit.undo) },
  });
  const add = (kind: LabelItem['kind']): void => change((now) => edit.addItem(now, kind, say('ldText')));
  return (
    <>
      <main className="bm-design" data-form="labelDesign" data-testid="design-screen">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h2>{say('ldThings')}</h2>
          </div>
          <div className="bm-lines" role="listbox" aria-label={say('ldThings')}>
            {design.items.length === 0 ? <p className="bm-pad bm-dialog-help">{say('ldNothing')}</p> : null}
            {design.items.map((one, i) => (
              <UnstyledButton
                key={`${i}-${one.kind}`}
                role="option"
                aria-selected={i === at}
                className={i === at ? 'bm-design-item bm-row-chosen' : 'bm-design-item'}
                onClick={() => change((now) => edit.choose(now, i))}
              >
                {itemWords(one, say)}
              </UnstyledButton>
            ))}
          </div>
          <div className="bm-design-add">
            <ActionButton onPress={() => add('text')} testId="design-add-text">
              + {say('ldAddText')}
            </ActionButton>
            <ActionButton onPress={() => add('code')} testId="design-add-code">
              + {say('ldAddCode')}
            </ActionButton>
            <ActionButton onPress={() => add('line')}>+ {say('ldAddLine')}</ActionButton>
            <ActionButton onPress={() => add('box')}>+ {say('ldAddBox')}</ActionButton>
            <ActionButton cap="Del" onPress={removeItem} isDisabled={item === undefined}>
              {say('ldDelete')}
            </ActionButton>
          </div>
        </section>
        <section className="bm-card bm-design-middle">
          <div className="bm-design-head">
            <h1>{say('ldTitle')}</h1>
            <Field
              label={say('ldName')}
              value={design.name}
              onText={(name) => setDraft((now) => edit.rename(now, name))}
              maxLength={60}
              testId="design-name"
            />
          </div>
          <div className="bm-design-paperbox" ref={box}>
            <DesignCanvas
              design={design}
              at={at}
              preview={preview}
              scale={scaleOf(design, room)}
              onChoose={(i) => change((now) => edit.choose(now, i))}
              onMoveTo={(xMm, yMm, isFirst) =>
                change((now) => edit.changeItem(now, (one) => ({ ...one, xMm, yMm }), !isFirst))
              }
            />
          </div>
          <p className="bm-design-keys">
            <Cap>←↑↓→</Cap> {say('ldMove')} <Cap>Shift</Cap> {say('ldMoveFar')} <Cap>+ −</Cap> {say('ldBigger')}{' '}
            <Cap>[ ]</Cap> {say('ldNext')} <Cap>Ctrl Z</Cap> {say('kUndo')}
          </p>
          {previewError === '' && error === '' ? null : (
            <p className="bm-field-error" role="alert">
              {error || previewError}
            </p>
          )}
          <div className="bm-design-trouble">
            {preview === null ? null : <Notices notices={preview.notices} design={design} />}
          </div>
          <PaperFields paper={design.paper} onChange={(paper) => change((now) => edit.changePaper(now, paper))} />
        </section>
        <aside className="bm-card bm-design-side">
          <div className="bm-design-scroll">
            {item === undefined ? null : (
              <ItemFields item={item} onChange={(next) => change((now) => edit.changeItem(now, () => next))} />
            )}
          </div>
          <div className="bm-design-save">
            {isPreset ? <small>{say('ldPreset')}</small> : null}
            <ActionButton look="main" cap="Ctrl A" onPress={() => void save(isPreset)} testId="design-save">
              {say(isPreset ? 'ldSaveNew' : 'ldSave')}
            </ActionButton>
            <div className="bm-pane-actions">
              <ActionButton onPress={() => change(() => edit.startDraft({ ...start, name: design.name }))}>
                {say('ldReset')}
              </ActionButton>
              {isPreset ? null : (
                <ActionButton onPress={() => void remove()} testId="design-remove">
                  {say('ldRemove')}
                </ActionButton>
              )}
            </div>
          </div>
        </aside>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupForm',
            hints: [
              { key: 'CtrlA', cap: 'Ctrl A', word: 'ldSave' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
          { hints: [{ key: 'F1', cap: 'F1', word: 'kAllKeys' }] },
        ]}
      />
    </>
  );
}
