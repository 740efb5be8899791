/** The wizard's right column: what the test will look like, or what to hold the device against. Rule kept: the
 * test page is the till's own picture of the bytes it would send; scans here are shown and go nowhere else. */
import type { ReactNode } from 'react';
import type { DeviceKind } from '#contract/device-views.ts';
import { ReceiptView } from '../bills/receipt-view.tsx';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { useWords, type Word } from '../words/words.ts';
import { EanBars } from './ean-bars.tsx';

export const testCode = '8901234567894';

export function PrinterSide(props: {
  readonly modelId: string | null;
  /** Counts what was saved: the page is drawn anew after each. */
  readonly saves: number;
  readonly talk: ReactNode;
}) {
  const { say } = useWords();
  const { modelId, saves } = props;
  const preview = useAnswer({ modelId, saves }, (till, question) =>
    till.device.testPreview({ modelId: question.modelId }),
  );
  const models = useAnswer('models', (till) => till.device.printerModels());
  const set = useAnswer({ modelId, saves }, (till) => till.device.printer());
  const page = preview?.ok === true ? preview.value : null;
  const id = modelId ?? (set?.ok === true ? set.value.modelId : '');
  const model = models?.ok === true ? models.value.find((one) => one.id === id) : undefined;
  return (
    <>
      <h2>{say(props.talk === null ? 'dpvTitle' : 'dpvAsk')}</h2>
      {props.talk ?? <p>{say('dpvThen')}</p>}
      <div className="bm-dpaper" tabIndex={0} role="group" aria-label={say('dpvTitle')}>
        {page === null ? null : page.pngBase64 === null ? (
          // No font engine on this PC: the rows as text, as they will print.
          <ReceiptView receipt={page} label={say('dpvAlt')} />
        ) : (
          <img
            src={`data:image/png;base64,${page.pngBase64}`}
            alt={say('dpvAlt')}
            width={page.widthDots}
            data-testid="test-page"
          />
        )}
      </div>
      {model === undefined ? null : (
        <small>
          {model.name}, {say('dqColumns', { mm: model.widthMm, columns: model.columns })}
        </small>
      )}
    </>
  );
}

export function ScannerSide({ scanned }: { readonly scanned: readonly string[] }) {
  const { say } = useWords();
  return (
    <>
      <h2>{say('dsnTitle')}</h2>
      <p>{say('dsnHelp')}</p>
      <EanBars code={testCode} label={say('dsnBars', { code: testCode })} />
      <h3>{say('dsnSeen')}</h3>
      {scanned.length === 0 ? (
        <p className="bm-dnone">{say('dsnNone')}</p>
      ) : (
        <ul className="bm-dscans" aria-live="polite" data-testid="scanned">
          {scanned.map((code, i) => (
            <li key={`${scanned.length - i} ${code}`}>
              <b>{code}</b>
              <span className="bm-hint bm-good-text">
                <Icon name="checkRound" size={16} />
                {say(code === testCode ? 'dsnRight' : 'dsnOther')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const points: Readonly<Partial<Record<DeviceKind, readonly [title: Word, ...points: Word[]]>>> = {
  drawer: ['ddrTitle', 'ddrCash', 'ddrOther', 'ddrUpi'],
  display: ['dplTitle', 'dplHelp'],
  label: ['dlbTitle'],
  scale: ['dslTitle', 'dslKg'],
};

/** A few plain lines where there is nothing to draw. */
export function PlainSide({ kind, children }: { readonly kind: DeviceKind; readonly children?: ReactNode }) {
  const { say } = useWords();
  const [title, ...rest] = points[kind] ?? [];
  return (
    <>
      {title === undefined ? null : <h2>{say(title)}</h2>}
      {rest.map((word) => (
        <p key={word}>{say(word)}</p>
      ))}
      {children}
    </>
  );
}
