/** After a test page: three questions about the paper in the hand, and what to change for each No. Rule kept: it
 * never guesses what came out; a person with the paper says it. */
import { UnstyledButton } from '@mantine/core';
import { Cap } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';

export type Asking = 'rupee' | 'hindi' | 'edges' | 'good' | 'pictures' | 'width';

const questions: Readonly<Partial<Record<Asking, Word>>> = { rupee: 'dqRupee', hindi: 'dqHindi', edges: 'dqEdges' };
const afterYes: Readonly<Partial<Record<Asking, Asking>>> = { rupee: 'hindi', hindi: 'edges', edges: 'good' };
const afterNo: Readonly<Partial<Record<Asking, Asking>>> = { rupee: 'pictures', hindi: 'pictures', edges: 'width' };

export const isQuestion = (asking: Asking | null): boolean => asking !== null && asking in questions;
/** What comes after this answer; the same where nothing was asked. */
export const answered = (asking: Asking, isYes: boolean): Asking =>
  (isYes ? afterYes[asking] : afterNo[asking]) ?? asking;

export function TestQuestions(props: {
  readonly asking: Asking;
  readonly otherMm: 58 | 80;
  readonly onAnswer: (isYes: boolean) => void;
  readonly onWidth: () => void;
  readonly onModel: () => void;
}) {
  const { say } = useWords();
  const { asking, otherMm, onAnswer, onWidth, onModel } = props;
  const question = questions[asking];
  if (question !== undefined) {
    return (
      <div className="bm-dask" role="status" data-testid="test-question">
        <b>{say(question)}</b>
        <span>
          <UnstyledButton className="bm-button" onClick={() => onAnswer(true)}>
            {say('dqYes')} <Cap>Y</Cap>
          </UnstyledButton>
          <UnstyledButton className="bm-button" onClick={() => onAnswer(false)}>
            {say('dqNo')} <Cap>N</Cap>
          </UnstyledButton>
        </span>
        <small>{say('dqNoPaper')}</small>
      </div>
    );
  }
  if (asking === 'good') {
    return (
      <div className="bm-dask bm-good-text" role="status" data-testid="test-good">
        {say('dqAllGood')}
      </div>
    );
  }
  const isWidth = asking === 'width';
  return (
    <div className="bm-dask" role="status" data-testid={`test-${asking}`}>
      <b>{say(isWidth ? 'dqWidth' : 'dqPictures', { mm: otherMm })}</b>
      <UnstyledButton className="bm-button bm-button-main" onClick={isWidth ? onWidth : onModel}>
        {say(isWidth ? 'dqWidthDo' : 'dqModelDo', { mm: otherMm })} <Cap>Y</Cap>
      </UnstyledButton>
    </div>
  );
}
