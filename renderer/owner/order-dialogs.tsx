/**
 * The order's small forms: an item added by name, how an item is bought (pack, supplier, shelf life), and the rules of
 * ordering. Rule kept: what a person left empty is "not said", never nought; a refusal stands under its field.
 */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { OrderLine, OrderRules } from '#contract/till-forecast.ts';
import type { Uuid } from '#core/ids.ts';
import { formatQty, isUnit, parseQty } from '#core/quantity.ts';
import { errorText, notQty } from '../counter/till-calls.ts';
import type { Answer } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Cap, Dialog, Field } from '../parts/pieces.tsx';
import { nameIn, qtyText } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { unitName } from './figures.ts';
import { FormFoot } from './form-foot.tsx';

export function AddItem(props: {
  readonly onClose: () => void;
  readonly onAdd: (itemId: Uuid) => Promise<Answer<OrderLine>>;
}) {
  const { say, language } = useWords();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [error, setError] = useState('');
  const searched = useAnswer(text.trim() === '' ? null : text.slice(0, 120), (till, typed) =>
    till.item.search({ text: typed, limit: 7 }),
  );
  const found = searched?.ok === true ? searched.value : [];
  const add = (itemId: Uuid | undefined): void => {
    if (itemId === undefined) return setError(say('fcNothingFound'));
    void props.onAdd(itemId).then((answer) => {
      if (answer.ok) props.onClose();
      else setError(errorText(answer.error));
    });
  };
  return (
    <Dialog
      title={say('olAddItem')}
      keys={{
        name: 'orderAdd',
        back: props.onClose,
        enter: () => add(found[at]?.id),
        move: (key) => setAt((now) => Math.max(0, Math.min(found.length - 1, now + (key === 'Up' ? -1 : 1)))),
      }}
    >
      <Field
        label={say('fcSearch')}
        value={text}
        onText={(next) => {
          setText(next);
          setAt(0);
          setError('');
        }}
        isDefault
        error={error}
        maxLength={120}
        testId="order-add-field"
      />
      <div className="ol-found" role="listbox" aria-label={say('olAddItem')}>
        {found.map((item, i) => (
          <UnstyledButton
            key={item.id}
            role="option"
            aria-selected={i === at}
            className={i === at ? 'bm-menu-one bm-menu-chosen' : 'bm-menu-one'}
            onClick={() => add(item.id)}
          >
            {nameIn(item, language)}
            <span className="bm-push ow-quiet">{qtyText(item.stockMilli, item.unit, say)}</span>
            {i === at ? <Cap>Enter</Cap> : null}
          </UnstyledButton>
        ))}
      </div>
    </Dialog>
  );
}

const wholeIn = (text: string, from: number, to: number): number | null => {
  const value = /^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;
  return value >= from && value <= to ? value : null;
};

export function ItemForm(props: {
  readonly line: OrderLine;
  readonly onClose: () => void;
  readonly onSave: (as: {
    readonly packMilli: number | null;
    readonly supplier: string | null;
    readonly shelfDays: number | null;
  }) => Promise<Answer<OrderLine>>;
}) {
  const { say, language } = useWords();
  const { line } = props;
  const unit = isUnit(line.unit) ? line.unit : 'pc';
  const [pack, setPack] = useState(line.packMilli === 1000 ? '' : formatQty(line.packMilli, unit));
  const [supplier, setSupplier] = useState(line.supplier ?? '');
  const [shelf, setShelf] = useState(line.shelfDays === null ? '' : String(line.shelfDays));
  const [error, setError] = useState({ pack: '', shelf: '', all: '' });
  const accept = (): void => {
    const packMilli = pack.trim() === '' ? null : parseQty(pack);
    const shelfDays = shelf.trim() === '' ? null : wholeIn(shelf, 1, 3_650);
    const wrongPack = pack.trim() !== '' && (packMilli === null || packMilli <= 0) ? notQty(pack) : '';
    const wrongShelf = shelf.trim() !== '' && shelfDays === null ? say('olShelfBad') : '';
    setError({ pack: wrongPack, shelf: wrongShelf, all: '' });
    if (wrongPack !== '' || wrongShelf !== '') return;
    void props
      .onSave({ packMilli, supplier: supplier.trim() === '' ? null : supplier.trim(), shelfDays })
      .then((answer) => {
        if (answer.ok) props.onClose();
        else setError({ pack: '', shelf: '', all: errorText(answer.error) });
      });
  };
  return (
    <Dialog
      title={nameIn(line, language)}
      help={say('olItemHelp')}
      keys={{ name: 'orderItem', back: props.onClose, accept }}
      footer={<FormFoot word="olKeep" cap="Ctrl A" onAccept={accept} onBack={props.onClose} testId="order-item-save" />}
    >
      <Field
        label={say('olPackSize', { unit: unitName(line.unit, say) })}
        hint={say('olPackHint')}
        value={pack}
        onText={setPack}
        error={error.pack}
        isDefault
        isNumber
        testId="order-pack"
      />
      <Field
        label={say('fcSupplier')}
        hint={say('olSupplierHint')}
        value={supplier}
        onText={setSupplier}
        maxLength={80}
        testId="order-supplier"
      />
      <Field
        label={say('olShelf')}
        hint={say('olShelfHint')}
        value={shelf}
        onText={setShelf}
        error={error.shelf === '' ? error.all : error.shelf}
        isNumber
        testId="order-shelf"
      />
    </Dialog>
  );
}

const serviceLevels = [8_000, 9_000, 9_500, 9_800] as const;

export function RulesForm(props: {
  readonly rules: OrderRules;
  readonly onClose: () => void;
  readonly onSave: (rules: OrderRules) => Promise<Answer<OrderRules>>;
}) {
  const { say } = useWords();
  const [lead, setLead] = useState(String(props.rules.leadDays));
  const [cover, setCover] = useState(String(props.rules.coverDays));
  const [level, setLevel] = useState<number>(props.rules.serviceLevelBp);
  const [error, setError] = useState({ lead: '', cover: '' });
  const levels = [...new Set([...serviceLevels, props.rules.serviceLevelBp])].sort((a, b) => a - b);
  const accept = (): void => {
    const leadDays = wholeIn(lead, 0, 60);
    const coverDays = wholeIn(cover, 1, 60);
    setError({
      lead: leadDays === null ? say('olDaysBad', { from: 0, to: 60 }) : '',
      cover: coverDays === null ? say('olDaysBad', { from: 1, to: 60 }) : '',
    });
    if (leadDays === null || coverDays === null) return;
    void props.onSave({ leadDays, coverDays, serviceLevelBp: level }).then((answer) => {
      if (answer.ok) props.onClose();
      else setError({ lead: '', cover: errorText(answer.error) });
    });
  };
  return (
    <Dialog
      title={say('olRules')}
      help={say('olRulesHelp')}
      keys={{ name: 'orderRules', back: props.onClose, accept }}
      footer={
        <FormFoot word="olKeep" cap="Ctrl A" onAccept={accept} onBack={props.onClose} testId="order-rules-save" />
      }
    >
      <div className="bm-two">
        <Field
          label={say('olLead')}
          hint={say('olLeadHint')}
          value={lead}
          onText={setLead}
          error={error.lead}
          isDefault
          isNumber
          testId="order-lead"
        />
        <Field
          label={say('olCover')}
          hint={say('olCoverHint')}
          value={cover}
          onText={setCover}
          error={error.cover}
          isNumber
          testId="order-cover"
        />
      </div>
      <div className="bm-field">
        <label htmlFor="order-level">{say('olLevel')}</label>
        <select
          id="order-level"
          className="bm-input"
          value={String(level)}
          data-testid="order-level"
          onChange={(event) => setLevel(Number(event.currentTarget.value))}
        >
          {levels.map((one) => (
            <option key={one} value={String(one)}>
              {say('olLevelOf', { n: one / 100 })}
            </option>
          ))}
        </select>
        <div className="bm-field-hint">{say('olLevelHint')}</div>
      </div>
    </Dialog>
  );
}
