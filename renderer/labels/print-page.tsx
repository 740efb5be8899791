/**
 * Labels to print: goods by scan or search on the left, each with its lot and how many; on the right the label of the
 * chosen row as it will print, what is wrong with it, and the print itself. Rule kept: a scan always adds; what is
 * typed in a row is read only when printed. It decides nothing about a label.
 */
import { UnstyledButton } from '@mantine/core';
import { useRef, useState } from 'react';
import type { LabelDesigns, LabelGoods } from '#contract/till-label.ts';
import type { Language } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import { formatPaise } from '#core/money.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { defaultField, focusedField, setFieldText } from '../keys/field.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton, Cap, Field } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { nameIn } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { GoodsRow } from './goods-row.tsx';
import { JobPanel } from './job-panel.tsx';
import { useLabelJob } from './label-job.ts';
import { LabelPicture, Notices, usePreview } from './label-picture.tsx';
import { addGoods, changeRow, type LabelRows, linesOf, removeRow, totalOf, weightOf } from './label-rows.ts';
import { designName, sizeWords } from './label-words.ts';

export type PrintPageProps = {
  readonly designs: LabelDesigns;
  readonly designId: string;
  readonly onDesign: (id: string) => void;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly rows: LabelRows;
  readonly onRows: (change: (now: LabelRows) => LabelRows) => void;
  readonly onEdit: () => void;
  readonly onPrinter: () => void;
  readonly onBack: () => void;
};

export function PrintPage(props: PrintPageProps) {
  const { say, language: own } = useWords();
  const { designs, designId, rows, onRows, language } = props;
  const design = designs.designs.find((one) => one.id === designId) ?? designs.designs[0];
  const [text, setText] = useState('');
  const [resultAt, setResultAt] = useState(0);
  const [error, setError] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const job = useLabelJob();
  const chosen = rows.rows[rows.at] ?? null;
  const total = totalOf(rows.rows);
  const searched = useAnswer(text.trim() === '' ? null : text.slice(0, 120), (till, typed) =>
    till.item.search({ text: typed, limit: 6 }),
  );
  const found = searched?.ok === true && text.trim() !== '' ? searched.value : [];
  const { preview, error: previewError } = usePreview(
    design === undefined
      ? null
      : {
          design,
          language,
          itemId: chosen?.goods.itemId ?? null,
          batchId: chosen?.batchId ?? null,
          weightMilli: chosen === null ? null : weightOf(chosen),
        },
  );

  const add = (goods: LabelGoods): void => {
    setText('');
    setError('');
    play('added');
    onRows((now) => addGoods(now, goods));
  };
  const pick = async (itemId: Uuid): Promise<void> => {
    const answer = await ask((till) => till.label.goods({ itemId }));
    if (answer.ok) add(answer.value);
    else setError(errorText(answer.error));
  };
  const scan = async (code: string): Promise<void> => {
    const answer = await ask((till) => till.label.find({ code }));
    if (answer.ok) return add(answer.value);
    play('unknown');
    setError(
      answer.error.type === 'NotFound' ? say('lbUnknown', { code: code.slice(0, 40) }) : errorText(answer.error),
    );
  };
  const countField = (): HTMLInputElement | null =>
    list.current?.querySelector<HTMLInputElement>(`[data-count="${chosen?.key ?? ''}"]`) ?? null;
  const enter = (): void => {
    const isHome = focusedField() === defaultField();
    if (!isHome) return defaultField()?.focus();
    const hit = found[resultAt] ?? found[0];
    if (hit !== undefined) void pick(hit.id);
    else if (text.trim() !== '') void scan(text.trim());
  };
  const print = async (): Promise<void> => {
    if (design === undefined || job?.state === 'running') return;
    const lines = linesOf(rows.rows);
    if (rows.rows.length === 0 || lines === null) {
      play('refused');
      return setError(say(rows.rows.length === 0 ? 'lbEmpty' : 'qtyBad'));
    }
    const answer = await ask((till) => till.label.print({ key: newKey(), designId: design.id, language, lines }));
    setError(answer.ok ? '' : errorText(answer.error));
    if (!answer.ok) play('refused');
  };
  const remove = (): void => {
    const field = focusedField();
    if (field !== null && field.value !== '' && field === defaultField()) return setFieldText(field, '');
    onRows((now) => removeRow(now, now.at));
    defaultField()?.focus();
  };
  useForm({
    name: 'labels',
    back: () => {
      if (text === '') return props.onBack();
      setText('');
    },
    enter,
    accept: () => void print(),
    print: () => void print(),
    scan: (code) => void scan(code),
    again: () => {
      countField()?.focus();
      countField()?.select();
    },
    del: remove,
    move: (key) => {
      const by = key === 'Up' ? -1 : key === 'Down' ? 1 : key === 'PageUp' ? -10 : 10;
      if (found.length > 0) return setResultAt((now) => Math.max(0, Math.min(found.length - 1, now + by)));
      onRows((now) => ({ ...now, at: Math.max(0, Math.min(now.rows.length - 1, now.at + by)) }));
    },
    same: { F9: () => void print() },
  });
  if (design === undefined) return <main className="bm-main" />;
  return (
    <>
      <main className="bm-labels" data-form="labels" data-testid="labels-screen">
        <section className="bm-card bm-left">
          <div className="bm-screen-head">
            <h1>{say('lbTitle')}</h1>
            <span className="bm-push bm-hint" data-testid="label-total">
              {say('lbTotal', { count: total })}
            </span>
          </div>
          <div className="bm-pad">
            <Field
              label={say('lbField')}
              value={text}
              onText={(next) => {
                setText(next);
                setResultAt(0);
              }}
              isDefault
              error={error}
              testId="label-field"
            />
            {found.map((item, i) => (
              <UnstyledButton
                key={item.id}
                className={`bm-button bm-button-quiet bm-find-row${i === resultAt ? ' bm-row-chosen' : ''}`}
                data-testid="label-result"
                onClick={() => void pick(item.id)}
              >
                {nameIn(item, own)}
                <b className="bm-push">{formatPaise(item.sellingPricePaise)}</b>
                {i === resultAt ? <Cap>Enter</Cap> : null}
              </UnstyledButton>
            ))}
          </div>
          <div className="bm-lines" ref={list}>
            {rows.rows.length === 0 ? <p className="bm-pad bm-dialog-help">{say('lbEmpty')}</p> : null}
            {rows.rows.map((row, i) => (
              <GoodsRow
                key={row.key}
                row={row}
                isChosen={i === rows.at}
                onChoose={() => onRows((now) => ({ ...now, at: i }))}
                onChange={(change) => onRows((now) => changeRow(now, row.key, change))}
              />
            ))}
          </div>
        </section>
        <aside className="bm-label-side">
          <div className="bm-card bm-pad bm-label-choose">
            <Choose
              label={say('lbDesign')}
              value={design.id}
              options={designs.designs.map((one) => ({ value: one.id, text: designName(one, say) }))}
              onChoose={props.onDesign}
              testId="label-design"
            />
            <Choose
              label={say('lbLanguage')}
              value={language}
              options={[
                { value: 'en', text: 'English' },
                { value: 'hi', text: 'हिंदी' },
              ]}
              onChoose={props.onLanguage}
              testId="label-language"
            />
          </div>
          <div className="bm-card bm-label-show">
            <div className="bm-label-stage">{preview === null ? null : <LabelPicture preview={preview} />}</div>
            <small>
              {sizeWords(design, say)}
              {chosen === null ? ` · ${say('lbSample')}` : ''}
            </small>
            {previewError === '' ? null : <p className="bm-field-error">{previewError}</p>}
            {preview === null || chosen === null ? null : <Notices notices={preview.notices} design={design} />}
            {design.id.startsWith('packed') ? <small>{say('lbPackedNote')}</small> : null}
          </div>
          {job === null ? null : <JobPanel job={job} />}
          <div className="bm-label-actions">
            <ActionButton onPress={props.onEdit} testId="label-edit">
              {say('lbEdit')}
            </ActionButton>
            <ActionButton onPress={props.onPrinter} testId="label-printer">
              {say('lbPrinter')}
            </ActionButton>
          </div>
          <ActionButton
            look="main"
            cap="F9"
            onPress={() => void print()}
            isDisabled={job?.state === 'running'}
            testId="label-print"
          >
            {say('lbPrint')} · {say('lbTotal', { count: total })}
          </ActionButton>
        </aside>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupForm',
            hints: [
              { key: 'Up', cap: '↑ ↓', word: 'kMoveForm' },
              { key: 'CtrlA', cap: 'Ctrl A', word: 'lbPrint' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
          { hints: [{ key: 'F1', cap: 'F1', word: 'kAllKeys' }] },
        ]}
      />
    </>
  );
}
