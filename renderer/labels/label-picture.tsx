/**
 * The label as the till draws it from the very bytes, and what is wrong with it. Rule kept: the picture stays while
 * the next one comes, so that it never blinks; dots are shown as dots. It reckons nothing.
 */
import { useState } from 'react';
import type { LabelPreview } from '#contract/till-label.ts';
import type { Uuid } from '#core/ids.ts';
import type { LabelNotice } from '#core/label/fill-label.ts';
import type { LabelDesign } from '#core/label/label-design.ts';
import type { Milli } from '#core/quantity.ts';
import type { Language } from '#contract/views.ts';
import { errorText } from '../counter/till-calls.ts';
import { type Answer } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { useWords } from '../words/words.ts';
import { noticeWords } from './label-words.ts';

export type Shown = {
  readonly design: LabelDesign;
  readonly language: Language;
  readonly itemId: Uuid | null;
  readonly batchId: Uuid | null;
  readonly weightMilli: Milli | null;
};

/** The latest preview; an older one while the asked one is on its way. */
export function usePreview(asked: Shown | null): { readonly preview: LabelPreview | null; readonly error: string } {
  const answer: Answer<LabelPreview> | null = useAnswer(asked, (till, question) => till.label.preview(question));
  const [last, setLast] = useState<LabelPreview | null>(null);
  if (answer?.ok === true && answer.value !== last) setLast(answer.value);
  const error = answer !== null && !answer.ok ? errorText(answer.error) : '';
  return { preview: answer?.ok === true ? answer.value : last, error };
}

export function Notices(props: { readonly notices: readonly LabelNotice[]; readonly design: LabelDesign }) {
  const { say } = useWords();
  return (
    <ul className="bm-label-notices" data-testid="label-notices">
      {props.notices.map((notice) => (
        <li
          key={`${notice.kind}-${notice.itemIndex}-${notice.field}`}
          className={notice.isStop ? 'bm-label-stop' : 'bm-label-look'}
        >
          <Icon name={notice.isStop ? 'crossRound' : 'alert'} size={18} />
          {noticeWords(notice, props.design, say)}
        </li>
      ))}
    </ul>
  );
}

export function LabelPicture({ preview }: { readonly preview: LabelPreview }) {
  const { say } = useWords();
  return (
    <img
      className="bm-label-picture"
      data-testid="label-picture"
      src={`data:image/png;base64,${preview.pngBase64}`}
      width={preview.widthDots}
      height={preview.heightDots}
      alt={say('lbPreview')}
    />
  );
}
