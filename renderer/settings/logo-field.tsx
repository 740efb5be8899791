/** The receipt's logo: shown as its dots will print, chosen as a PNG, taken away again. Rule kept: what the till
 * refuses is said in place, and the logo that was there stays. */
import { useRef, useState } from 'react';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';

async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCodePoint(byte);
  return btoa(text);
}

/** Larger ones are refused by the till; of those only the head is sent. */
const mostSent = 1_000_001;

export function LogoField({ onChanged }: { readonly onChanged: () => void }) {
  const { say } = useWords();
  const [changes, setChanges] = useState(0);
  const [error, setError] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const answer = useAnswer(`logo-${changes}`, (till) => till.shop.logo());
  const logo = answer?.ok === true ? answer.value : null;
  const set = async (file: File | null): Promise<void> => {
    const pngBase64 = file === null ? null : await base64Of(file.slice(0, mostSent));
    const done = await ask((till) => till.shop.setLogo({ pngBase64 }));
    setError(done.ok ? '' : errorText(done.error));
    if (!done.ok) return;
    setChanges((now) => now + 1);
    onChanged();
  };
  return (
    <section className="bm-stack" data-testid="logo-field">
      <h2>{say('logoTitle')}</h2>
      {logo === null ? (
        <p className="bm-dialog-help">{say('logoNone')}</p>
      ) : (
        <div>
          <img
            src={`data:image/png;base64,${logo.pngBase64}`}
            alt={say('logoTitle')}
            width={Math.round(logo.widthDots / 2)}
            height={Math.round(logo.heightDots / 2)}
          />
        </div>
      )}
      <input
        ref={picker}
        className="bm-hidden"
        type="file"
        accept="image/png"
        aria-label={say('logoChoose')}
        tabIndex={-1}
        data-testid="logo-file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) void set(file);
        }}
      />
      <div className="bm-field-error" role="alert">
        {error}
      </div>
      <div className="bm-pane-actions">
        <ActionButton onPress={() => picker.current?.click()} testId="logo-choose">
          {say('logoChoose')}
        </ActionButton>
        {logo === null ? null : (
          <ActionButton onPress={() => void set(null)} testId="logo-remove">
            {say('logoRemove')}
          </ActionButton>
        )}
      </div>
    </section>
  );
}
