/** Where the receipt printer hangs: network, a file, or none; then a test page. Rule kept: bills never wait for
 * it. Used by the devices screen and the set-up. */
import { useState } from 'react';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Choose, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';

type Way = 'tcp' | 'file' | 'none';

export function PrinterForm() {
  const { say } = useWords();
  const [way, setWay] = useState<Way>('tcp');
  const [host, setHost] = useState('');
  const [port, setPort] = useState('9100');
  const [path, setPath] = useState('receipts.bin');
  const [width, setWidth] = useState<'58' | '80'>('80');
  const [told, setTold] = useState('');
  const [error, setError] = useState('');
  const save = async (): Promise<void> => {
    const target =
      way === 'tcp'
        ? { kind: 'tcp' as const, host: host.trim(), port: Number(port) || 9100 }
        : way === 'file'
          ? { kind: 'file' as const, path: path.trim() }
          : { kind: 'none' as const };
    const widthMm = width === '58' ? 58 : 80;
    const answer = await ask((till) => till.device.setPrinter({ target, widthMm }));
    setError(answer.ok ? '' : errorText(answer.error));
    setTold(answer.ok ? (answer.value.printerName ?? say('devNone')) : '');
  };
  const test = async (): Promise<void> => {
    const answer = await ask((till) => till.device.testPrint());
    setError(answer.ok ? '' : errorText(answer.error));
    setTold(answer.ok ? say('testSent') : '');
  };
  const retry = async (): Promise<void> => {
    const answer = await ask((till) => till.device.retryPrint());
    setError(answer.ok ? '' : errorText(answer.error));
  };
  const help = { tcp: 'devTcpHelp', file: 'devFileHelp', none: 'devNoneHelp' } as const;
  return (
    <div className="bm-stack">
      <div className="bm-two">
        <Choose
          label={say('devPrinter')}
          value={way}
          options={[
            { value: 'tcp', text: say('devTcp') },
            { value: 'file', text: say('devFile') },
            { value: 'none', text: say('devNone') },
          ]}
          onChoose={setWay}
        />
        <Choose
          label={say('devWidth')}
          value={width}
          options={[
            { value: '80', text: '80 mm' },
            { value: '58', text: '58 mm' },
          ]}
          onChoose={setWidth}
        />
        {way === 'tcp' ? (
          <>
            <Field label={say('devHost')} value={host} onText={setHost} isDefault />
            <Field label={say('devPort')} value={port} onText={setPort} isNumber />
          </>
        ) : way === 'file' ? (
          <Field label={say('devPath')} value={path} onText={setPath} isDefault />
        ) : null}
      </div>
      <p className="bm-dialog-help">{say(help[way])}</p>
      <div className="bm-field-error" role="alert">
        {error}
      </div>
      <div className="bm-good-text" role="status">
        {told}
      </div>
      <div className="bm-pane-actions">
        <ActionButton look="main" onPress={() => void save()} testId="use-printer">
          {say('useThis')}
        </ActionButton>
        <ActionButton onPress={() => void test()}>{say('testPage')}</ActionButton>
        <ActionButton onPress={() => void retry()}>{say('retryPrint')}</ActionButton>
      </div>
    </div>
  );
}
