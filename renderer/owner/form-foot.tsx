/** The foot of a form over the desk: its one button, and the way back. Rule kept: the key that accepts is shown. */
import { ActionButton } from '../parts/pieces.tsx';
import type { Word } from '../words/words.ts';
import { useWords } from '../words/words.ts';

export function FormFoot(props: {
  readonly word: Word;
  readonly cap: string;
  readonly onAccept: () => void;
  readonly onBack: () => void;
  readonly testId: string;
}) {
  const { say } = useWords();
  return (
    <>
      <ActionButton look="main" cap={props.cap} onPress={props.onAccept} testId={props.testId}>
        {say(props.word)}
      </ActionButton>
      <ActionButton cap="Esc" onPress={props.onBack}>
        {say('owBack')}
      </ActionButton>
    </>
  );
}
