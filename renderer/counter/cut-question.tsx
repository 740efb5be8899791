/** After a cut cable: one question at the next empty counter (screens.md §5.11). Rule kept: a scan is not held
 * up by it; N prints again, marked DUPLICATE. */
import { UnstyledButton } from '@mantine/core';
import type { DevicesView } from '#contract/views.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask } from '../link/till-link.ts';
import { Cap } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { tellRefusal } from './till-calls.ts';

export function CutQuestion({ cut }: { readonly cut: NonNullable<DevicesView['cutJob']> }) {
  const { say } = useWords();
  const question = cut.number === null ? say('cutReport') : say('cutQuestion', { number: cut.number });
  const answer = (cameOutWhole: boolean): void => {
    void ask((till) => till.device.answerCut({ jobId: cut.jobId, cameOutWhole })).then((told) => {
      if (!told.ok) tellRefusal(told.error);
    });
  };
  const yes = (): void => answer(true);
  const no = (): void => answer(false);
  useForm({ name: 'cut', letters: { Y: yes, N: no } });
  return (
    <div
      className="bm-float bm-notice bm-notice-warn"
      role="alertdialog"
      aria-label={question}
      data-testid="cut-question"
    >
      {question}
      <UnstyledButton className="bm-hint" onClick={yes}>
        <Cap>Y</Cap> {say('yes')}
      </UnstyledButton>
      <UnstyledButton className="bm-hint" onClick={no}>
        <Cap>N</Cap> {say('no')}
      </UnstyledButton>
    </div>
  );
}
