/** The wizard's bar of keys: devices, ways, check again; leaving is always in sight at its right. Rule kept: a
 * button does the same as its key. */
import { UnstyledButton } from '@mantine/core';
import { Cap } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';

export type BarHint = {
  readonly caps: readonly string[];
  readonly word: Word;
  readonly run?: (() => void) | undefined;
};

export function WizardBar(props: {
  readonly hints: readonly BarHint[];
  readonly buttons: readonly { readonly cap: string; readonly word: Word; readonly run: () => void }[];
}) {
  const { say } = useWords();
  return (
    <footer className="bm-keybar bm-wizard-bar" data-testid="keybar">
      {props.hints.map((hint) => {
        const inside = (
          <>
            {hint.caps.map((cap) => (
              <Cap key={cap}>{cap}</Cap>
            ))}
            {say(hint.word)}
          </>
        );
        return hint.run === undefined ? (
          <span key={hint.word} className="bm-keybar-key">
            {inside}
          </span>
        ) : (
          <UnstyledButton key={hint.word} className="bm-keybar-key" tabIndex={-1} onClick={hint.run}>
            {inside}
          </UnstyledButton>
        );
      })}
      <span className="bm-push" />
      {props.buttons.map((button) => (
        <UnstyledButton key={button.word} className="bm-button" onClick={button.run} data-testid={`bar-${button.word}`}>
          {say(button.word)} <Cap>{button.cap}</Cap>
        </UnstyledButton>
      ))}
    </footer>
  );
}
