/** Puts a text on the clipboard and says so. Rule kept: where a browser has none (no https) it is not there. */
import { useState } from 'react';
import { OfficeButton } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';

export function CopyButton({ text }: { readonly text: string }) {
  const { say } = useOffice();
  const [isDone, setDone] = useState(false);
  if (!('clipboard' in navigator)) return null;
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setDone(true),
      // The browser asked and the person said no: the text stands beside it.
      () => setDone(false),
    );
  return (
    <OfficeButton onPress={copy} {...(isDone ? { icon: 'check' } : {})} testId="copy">
      {say(isDone ? 'copied' : 'copy')}
    </OfficeButton>
  );
}
