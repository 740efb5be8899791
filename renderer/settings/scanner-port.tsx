/** A scanner on a port of its own: which port, how fast, and live what comes and what is made of it. Rule kept:
 * nothing is kept before it is saved; what is tried goes into no bill. */
import { useState } from 'react';
import { plainFraming } from '#contract/plain-scanner.ts';
import type { ScannerSetting } from '#contract/till-scanner.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { useFeed } from '../link/use-feed.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { troubleWord } from './device-words.ts';
import { PortFields } from './port-fields.tsx';
import { usualFormat } from './targets.ts';

type Props = { readonly first: WireTargetInput | null; readonly onSaved: () => void };

export function ScannerPort(props: Props) {
  const setting = useAnswer('setting', (till) => till.scanner.setting());
  return setting?.ok === true ? <Filled {...props} setting={setting.value} /> : <div className="bm-dpane" />;
}

function Filled(props: Props & { readonly setting: ScannerSetting }) {
  const { say } = useWords();
  const { setting, onSaved } = props;
  const [target, setTarget] = useState<WireTargetInput | null>(props.first ?? setting.serial?.target ?? null);
  const [error, setError] = useState('');
  const trial = useFeed(target === null ? null : { target }, (till, question, options) =>
    till.scanner.tryFeed({ target: question.target, framing: null }, options),
  );
  const save = async (serial: ScannerSetting['serial']): Promise<void> => {
    const answer = await ask((till) => till.scanner.set({ serial }));
    setError(answer.ok ? '' : errorText(answer.error));
    if (answer.ok) onSaved();
  };
  const framing = trial?.suggested ?? setting.serial?.framing ?? plainFraming;
  return (
    <div className="bm-dpane" data-testid="scanner-port">
      <h1>{say('dwSettingsScanner')}</h1>
      <PortFields target={target} usual={usualFormat} onTarget={setTarget} />
      <section aria-label={say('dtrTitle')}>
        <h2>{say('dtrTitle')}</h2>
        <div className="bm-dtrial" role="log" tabIndex={0} data-testid="scanner-trial">
          {trial === null ? (
            <p>{say('dtrChoose')}</p>
          ) : trial.state === 'trouble' && trial.trouble !== null ? (
            <p className="bm-bad-text">{say(troubleWord(trial.trouble))}</p>
          ) : trial.bytes === 0 ? (
            <p>{say('dtrScan')}</p>
          ) : (
            <>
              {trial.raw.map((raw, i) => (
                <code key={`${i} ${raw}`}>{raw}</code>
              ))}
              {trial.scans.map((scan, i) =>
                scan.kind === 'code' ? (
                  <b key={`${i} ${scan.code}`} className="bm-good-text">
                    {say('devScanned', { code: scan.code })}
                  </b>
                ) : (
                  <b key={`${i} ${scan.raw}`} className="bm-bad-text">
                    {say('dtrSpoiled')}
                  </b>
                ),
              )}
            </>
          )}
        </div>
      </section>
      <div className="bm-field-error" role="alert">
        {error}
      </div>
      <div className="bm-pane-actions">
        <ActionButton
          look="main"
          isDisabled={target === null}
          onPress={() => void save(target === null ? null : { target, framing })}
          testId="save-scanner"
        >
          {say('dfSave')}
        </ActionButton>
        {setting.serial === null ? null : <ActionButton onPress={() => void save(null)}>{say('dfNone')}</ActionButton>}
      </div>
    </div>
  );
}
