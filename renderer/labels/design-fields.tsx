/**
 * What a thing on a label is and where: its fields as a form; the paper's too. Rule kept: a number that can't be read
 * yet changes nothing, what was last sound stays. It draws no label.
 */
import { useState } from 'react';
import type {
  LabelCodeItem,
  LabelField,
  LabelItem,
  LabelPaper,
  LabelSymbology,
  LabelTextItem,
} from '#core/label/label-design.ts';
import { Choose } from '../parts/choose.tsx';
import { Field } from '../parts/pieces.tsx';
import { Checkbox } from '../setup/checkbox.tsx';
import { useWords, type Word } from '../words/words.ts';
import { codeWords, fieldWords } from './label-words.ts';

const readMm = (text: string): number | null =>
  /^\d{1,3}([.,]\d{0,2})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : null;

/** A measure in mm; what is typed stays as typed until it is another number. */
export function MmField(props: {
  readonly word: Word;
  readonly value: number;
  readonly onValue: (mm: number) => void;
  readonly testId?: string;
}) {
  const { say } = useWords();
  const { value } = props;
  const [text, setText] = useState(String(value));
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    if (readMm(text) !== value) setText(String(value));
  }
  return (
    <Field
      label={say(props.word)}
      value={text}
      isNumber
      maxLength={6}
      testId={props.testId}
      onText={(next) => {
        setText(next);
        const mm = readMm(next);
        if (mm !== null) props.onValue(mm);
      }}
    />
  );
}

const turns = ['0', '90', '180', '270'] as const;
type ItemProps<T extends LabelItem> = { readonly item: T; readonly onChange: (change: Partial<T>) => void };

function Turn({ item, onChange }: ItemProps<LabelTextItem | LabelCodeItem>) {
  const { say } = useWords();
  return (
    <Choose
      label={say('ldTurn')}
      value={String(item.rotate) as (typeof turns)[number]}
      options={turns.map((value) => ({ value, text: `${value}°` }))}
      onChoose={(value) => onChange({ rotate: Number(value) as LabelTextItem['rotate'] })}
    />
  );
}

function TextFields({ item, onChange }: ItemProps<LabelTextItem>) {
  const { say } = useWords();
  const fields = Object.entries(fieldWords) as [LabelField, Word][];
  return (
    <>
      <Choose
        label={say('ldField')}
        value={item.field}
        options={fields.map(([value, word]) => ({ value, text: say(word) }))}
        onChoose={(field) => onChange({ field })}
        testId="design-field"
      />
      {item.field === 'free' ? (
        <Field
          label={say('ldText')}
          value={item.text}
          onText={(text) => onChange({ text })}
          maxLength={200}
          testId="design-text"
        />
      ) : (
        <Checkbox
          label={say('ldCaption')}
          isChecked={item.hasCaption}
          onCheck={(hasCaption) => onChange({ hasCaption })}
        />
      )}
      <div className="bm-two">
        <MmField word="ldSize" value={item.sizeMm} onValue={(sizeMm) => onChange({ sizeMm })} testId="design-size" />
        <MmField word="ldMinSize" value={item.minSizeMm} onValue={(minSizeMm) => onChange({ minSizeMm })} />
        <Choose
          label={say('ldLines')}
          value={String(item.maxLines)}
          options={['1', '2', '3', '4'].map((value) => ({ value, text: value }))}
          onChoose={(lines) => onChange({ maxLines: Number(lines) })}
        />
        <Choose
          label={say('ldAlign')}
          value={item.align}
          options={[
            { value: 'left', text: say('ldLeft') },
            { value: 'center', text: say('ldCenter') },
            { value: 'right', text: say('ldRight') },
          ]}
          onChoose={(align) => onChange({ align })}
        />
      </div>
      <Checkbox label={say('ldBold')} isChecked={item.isBold} onCheck={(isBold) => onChange({ isBold })} />
      <Checkbox
        label={say('ldRequired')}
        isChecked={item.isRequired}
        onCheck={(isRequired) => onChange({ isRequired })}
      />
    </>
  );
}

function CodeFields({ item, onChange }: ItemProps<LabelCodeItem>) {
  const { say } = useWords();
  const codes = Object.entries(codeWords) as [LabelSymbology, Word][];
  return (
    <>
      <Choose
        label={say('ldCode')}
        value={item.symbology}
        options={codes.map(([value, word]) => ({ value, text: say(word) }))}
        onChoose={(symbology) => onChange({ symbology })}
        testId="design-code"
      />
      <Checkbox label={say('ldDigits')} isChecked={item.hasText} onCheck={(hasText) => onChange({ hasText })} />
    </>
  );
}

/** The chosen thing's own fields, then its place. */
export function ItemFields(props: { readonly item: LabelItem; readonly onChange: (item: LabelItem) => void }) {
  const { item, onChange } = props;
  return (
    <div className="bm-stack bm-design-form" data-testid="design-item">
      {item.kind === 'text' ? (
        <TextFields item={item} onChange={(change) => onChange({ ...item, ...change })} />
      ) : item.kind === 'code' ? (
        <CodeFields item={item} onChange={(change) => onChange({ ...item, ...change })} />
      ) : null}
      <div className="bm-two">
        <MmField word="ldX" value={item.xMm} onValue={(xMm) => onChange({ ...item, xMm })} testId="design-x" />
        <MmField word="ldY" value={item.yMm} onValue={(yMm) => onChange({ ...item, yMm })} />
        <MmField word="ldW" value={item.widthMm} onValue={(widthMm) => onChange({ ...item, widthMm })} />
        {item.kind === 'text' ? null : (
          <MmField word="ldH" value={item.heightMm} onValue={(heightMm) => onChange({ ...item, heightMm })} />
        )}
        {item.kind === 'box' ? (
          <MmField word="ldThick" value={item.lineMm} onValue={(lineMm) => onChange({ ...item, lineMm })} />
        ) : null}
        {item.kind === 'text' || item.kind === 'code' ? (
          <Turn item={item} onChange={(change) => onChange({ ...item, ...change } as LabelItem)} />
        ) : null}
      </div>
    </div>
  );
}

export function PaperFields(props: {
  readonly paper: LabelPaper;
  readonly onChange: (change: Partial<LabelPaper>) => void;
}) {
  const { say } = useWords();
  const { paper, onChange } = props;
  return (
    <div className="bm-design-paper" data-testid="design-paper">
      <MmField word="ldPaperW" value={paper.widthMm} onValue={(widthMm) => onChange({ widthMm })} />
      <MmField word="ldPaperH" value={paper.heightMm} onValue={(heightMm) => onChange({ heightMm })} />
      <MmField word="ldGap" value={paper.gapMm} onValue={(gapMm) => onChange({ gapMm })} />
      <Choose
        label={say('ldAcross')}
        value={String(paper.across) as '1' | '2' | '3'}
        options={[
          { value: '1', text: '1' },
          { value: '2', text: '2' },
          { value: '3', text: '3' },
        ]}
        onChoose={(across) => onChange({ across: Number(across) as LabelPaper['across'] })}
      />
      {paper.across === 1 ? null : (
        <MmField word="ldBetween" value={paper.betweenMm} onValue={(betweenMm) => onChange({ betweenMm })} />
      )}
    </div>
  );
}
