/**
 * Where the label printer hangs and which language it speaks; a test label. Rule kept: what is set opens in the form,
 * and a found device is taken as it was found. Bills never wait for it.
 */
import { useState } from 'react';
import type { LabelSetting } from '#contract/till-label.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, newKey } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { JobPanel } from './job-panel.tsx';
import { useLabelJob } from './label-job.ts';

type Way = 'tcp' | 'found' | 'folder' | 'none';
const wayOf = (target: LabelSetting['target']): Way =>
  target.kind === 'tcp' || target.kind === 'folder' || target.kind === 'none' ? target.kind : 'found';

export function PrinterForm(props: {
  readonly setting: LabelSetting;
  readonly designId: string;
  /** Esc: back to whoever opened the form. */
  readonly onBack: () => void;
}) {
  const { setting, designId, onBack } = props;
  const { say } = useWords();
  const { target } = setting;
  const [way, setWay] = useState<Way>(target.kind === 'none' ? 'tcp' : wayOf(target));
  const [host, setHost] = useState(target.kind === 'tcp' ? target.host : '');
  const [port, setPort] = useState(target.kind === 'tcp' ? String(target.port) : '9100');
  const [path, setPath] = useState(target.kind === 'folder' ? target.path : 'labels');
  const [language, setLanguage] = useState(setting.language);
  const [dpi, setDpi] = useState<'203' | '300'>(setting.dpi === 203 ? '203' : '300');
  const [letters, setLetters] = useState(setting.letters);
  const [darkness, setDarkness] = useState(setting.darkness === null ? '' : String(setting.darkness));
  const [foundAt, setFoundAt] = useState('');
  const [told, setTold] = useState('');
  const [error, setError] = useState('');
  const listed = useAnswer(way === 'found' ? 'find' : null, (till) => till.device.find());
  const found = listed?.ok === true ? listed.value.filter((one) => one.usedBy === null || one.usedBy === 'label') : [];
  const kept = wayOf(target) === 'found' ? target : null;
  const chosen = found.find((one) => one.id === foundAt)?.target ?? kept ?? found[0]?.target ?? null;
  const wanted = (): LabelSetting['target'] => {
    if (way === 'tcp') return { kind: 'tcp', host: host.trim(), port: Number(port) || 9100 };
    if (way === 'folder') return { kind: 'folder', path: path.trim() };
    return way === 'found' && chosen !== null ? chosen : { kind: 'none' };
  };
  const save = async (): Promise<boolean> => {
    const dark = darkness.trim() === '' ? null : Number(darkness);
    const next: LabelSetting = { target: wanted(), language, dpi: dpi === '203' ? 203 : 300, letters, darkness: dark };
    const answer = await ask((till) => till.label.set(next));
    setError(answer.ok ? '' : errorText(answer.error));
    setTold(answer.ok ? say('lbpSaved') : '');
    return answer.ok;
  };
  const test = async (): Promise<void> => {
    if (!(await save())) return;
    const answer = await ask((till) => till.label.testPrint({ key: newKey(), designId }));
    setError(answer.ok ? '' : errorText(answer.error));
  };
  useForm({ name: 'labelPrinter', accept: () => void save(), back: onBack });
  return (
    <>
      <div className="bm-two">
        <Choose
          label={say('lbpWay')}
          value={way}
          options={[
            { value: 'tcp', text: say('lbpTcp') },
            { value: 'found', text: say('lbpUsb') },
            { value: 'folder', text: say('lbpFile') },
            { value: 'none', text: say('lbpNone') },
          ]}
          onChoose={setWay}
          testId="label-way"
        />
        <Choose
          label={say('lbpKind')}
          value={language}
          options={[
            { value: 'tspl', text: say('lbpTspl') },
            { value: 'zpl', text: say('lbpZpl') },
          ]}
          onChoose={setLanguage}
          testId="label-kind"
        />
        {way === 'tcp' ? (
          <>
            <Field label={say('lbpHost')} value={host} onText={setHost} isDefault testId="label-host" />
            <Field label={say('lbpPort')} value={port} onText={setPort} isNumber testId="label-port" />
          </>
        ) : null}
        {way === 'folder' ? (
          <Field label={say('lbpFolder')} value={path} onText={setPath} isDefault testId="label-folder" />
        ) : null}
        {way === 'found' ? (
          found.length === 0 && kept === null ? (
            <p className="bm-dialog-help">{say('lbpFoundNone')}</p>
          ) : (
            <Choose
              label={say('lbpFound')}
              value={foundAt === '' ? (found[0]?.id ?? '') : foundAt}
              options={found.map((one) => ({ value: one.id, text: `${one.name ?? ''} ${one.place}`.trim() }))}
              onChoose={setFoundAt}
            />
          )
        ) : null}
      </div>
      <div className="bm-two">
        <Choose
          label={say('lbpDpi')}
          value={dpi}
          options={[
            { value: '203', text: '203' },
            { value: '300', text: '300' },
          ]}
          onChoose={setDpi}
        />
        <Field label={say('lbpDarkness')} value={darkness} onText={setDarkness} isNumber />
        <Choose
          label={say('lbpLetters')}
          value={letters}
          options={[
            { value: 'drawn', text: say('lbpDrawn') },
            { value: 'printer', text: say('lbpOwn') },
          ]}
          onChoose={setLetters}
        />
      </div>
      <div className="bm-field-error" role="alert">
        {error}
      </div>
      <div className="bm-good-text" role="status">
        {told}
      </div>
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Ctrl A" onPress={() => void save()} testId="label-save-printer">
          {say('lbpSave')}
        </ActionButton>
        <ActionButton onPress={() => void test()} testId="label-test">
          {say('lbpTest')}
        </ActionButton>
      </div>
    </>
  );
}

export function PrinterPage(props: { readonly designId: string; readonly onBack: () => void }) {
  const { say } = useWords();
  const job = useLabelJob();
  const answer = useAnswer('setting', (till) => till.label.setting());
  useForm({ name: 'labelPrinterPage', back: props.onBack });
  return (
    <>
      <main className="bm-labels-one" data-testid="label-printer-page">
        <section className="bm-card bm-pad bm-grow bm-stack" data-form="labelPrinter">
          <h1>{say('lbpTitle')}</h1>
          {answer?.ok === true ? (
            <PrinterForm setting={answer.value} designId={props.designId} onBack={props.onBack} />
          ) : null}
          {job === null ? null : <JobPanel job={job} />}
        </section>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupForm',
            hints: [
              { key: 'CtrlA', cap: 'Ctrl A', word: 'lbpSave' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
        ]}
      />
    </>
  );
}
