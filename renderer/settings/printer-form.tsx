/** Where the receipt printer hangs, its make and its paper; opens on what is set. Rule kept: bills never wait for
 * it, and what is typed is kept only when it is saved. Used by the device wizard and the set-up. */
import { useEffect, useState } from 'react';
import type { PrinterModelChoice, PrinterSetting } from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { useFeed } from '../link/use-feed.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { isSamePlace, placeText } from './targets.ts';

type Way = 'tcp' | 'file' | 'none' | 'found';

type Draft = {
  readonly way: Way;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly modelId: string;
  /** A wire that was found and set: kept as it is. */
  readonly found: WireTargetInput | null;
};

const draftOf = ({ target, modelId }: PrinterSetting): Draft => ({
  way: target.kind === 'tcp' || target.kind === 'file' || target.kind === 'none' ? target.kind : 'found',
  host: target.kind === 'tcp' ? target.host : '',
  port: target.kind === 'tcp' ? String(target.port) : '9100',
  path: target.kind === 'file' ? target.path : 'receipts',
  modelId,
  found: target.kind === 'tcp' || target.kind === 'file' || target.kind === 'none' ? null : target,
});

function targetOf(draft: Draft): PrinterSetting['target'] {
  if (draft.way === 'tcp') return { kind: 'tcp', host: draft.host.trim(), port: Number(draft.port) || 9100 };
  if (draft.way === 'file') return { kind: 'file', path: draft.path.trim() };
  return draft.way === 'found' && draft.found !== null ? draft.found : { kind: 'none' };
}

/** Names a found printer in the list of ways. */
const foundAt = (target: WireTargetInput): string => `${target.kind} ${placeText(target)}`;

const help = { tcp: 'devTcpHelp', file: 'devFileHelp', none: 'devNoneHelp', found: 'dwUseFoundHelp' } as const;

export function PrinterForm(props: {
  /** Told after it was saved; null where the form stays. */
  readonly onSaved?: ((setting: PrinterSetting) => void) | undefined;
  /** Told whenever another model is looked at, so that the page beside it can be drawn. */
  readonly onModel?: ((modelId: string) => void) | undefined;
}) {
  const { say } = useWords();
  const setting = useAnswer('setting', (till) => till.device.printer());
  const models = useAnswer('models', (till) => till.device.printerModels());
  const first = setting?.ok === true ? setting.value : null;
  if (first === null || models?.ok !== true) return <div className="bm-stack" aria-label={say('devPrinter')} />;
  return <Filled {...props} first={first} models={models.value} />;
}

function Filled(props: {
  readonly first: PrinterSetting;
  readonly models: readonly PrinterModelChoice[];
  readonly onSaved?: ((setting: PrinterSetting) => void) | undefined;
  readonly onModel?: ((modelId: string) => void) | undefined;
}) {
  const { say } = useWords();
  const { models, onSaved, onModel } = props;
  const [draft, setDraft] = useState<Draft>(() => draftOf(props.first));
  const [told, setTold] = useState('');
  const [error, setError] = useState('');
  const change = (some: Partial<Draft>): void => setDraft((now) => ({ ...now, ...some }));
  const model = models.find((one) => one.id === draft.modelId) ?? models[0];
  const widthMm = model?.widthMm ?? 80;
  useEffect(() => onModel?.(draft.modelId), [draft.modelId, onModel]);
  const save = async (): Promise<void> => {
    const next: PrinterSetting = { target: targetOf(draft), modelId: draft.modelId, widthMm };
    const answer = await ask((till) => till.device.setPrinter(next));
    setError(answer.ok ? '' : errorText(answer.error));
    setTold(answer.ok ? (answer.value.printerName ?? say('devNone')) : '');
    if (answer.ok) onSaved?.(next);
  };
  const test = async (): Promise<void> => {
    const answer = await ask((till) => till.device.testPrint());
    setError(answer.ok ? '' : errorText(answer.error));
    setTold(answer.ok ? say('testSent') : '');
  };
  const listed = useFeed('found', (till, _, options) => till.device.findFeed(undefined, options)) ?? [];
  const printers = listed.filter((one) => one.guess === 'printer' && (one.usedBy === null || one.usedBy === 'printer'));
  const kept = draft.found;
  const isListed = kept !== null && printers.some((one) => isSamePlace(one.target, kept));
  const found = kept === null ? '' : placeText(kept);
  const ways: readonly { readonly value: string; readonly text: string }[] = [
    ...(kept === null || isListed ? [] : [{ value: foundAt(kept), text: found }]),
    ...printers.map(({ target, name, place }) => ({
      value: foundAt(target),
      text: name === null || name === place ? place : `${name}, ${place}`,
    })),
    { value: 'tcp', text: say('devTcp') },
    { value: 'file', text: say('devFile') },
    { value: 'none', text: say('devNone') },
  ];
  const chooseWay = (value: string): void => {
    const target = printers.find((one) => foundAt(one.target) === value)?.target;
    if (target !== undefined) change({ way: 'found', found: target });
    else change({ way: value === 'tcp' || value === 'file' || value === 'none' ? value : 'found' });
  };
  const ofWidth = (mm: 58 | 80): readonly PrinterModelChoice[] => models.filter((one) => one.widthMm === mm);
  return (
    <div className="bm-stack">
      <div className="bm-two">
        <Choose
          label={say('devPrinter')}
          value={draft.way === 'found' && kept !== null ? foundAt(kept) : draft.way}
          options={ways}
          onChoose={chooseWay}
          testId="printer-way"
        />
        <Choose
          label={say('dfPaper')}
          value={widthMm === 58 ? '58' : '80'}
          options={[
            { value: '80', text: '80 mm' },
            { value: '58', text: '58 mm' },
          ]}
          onChoose={(mm) => change({ modelId: ofWidth(mm === '58' ? 58 : 80)[0]?.id ?? draft.modelId })}
          testId="printer-width"
        />
        {draft.way === 'tcp' ? (
          <>
            <Field
              label={say('devHost')}
              value={draft.host}
              onText={(host) => change({ host })}
              isDefault
              testId="printer-host"
            />
            <Field
              label={say('devPort')}
              value={draft.port}
              onText={(port) => change({ port })}
              isNumber
              testId="printer-port"
            />
          </>
        ) : draft.way === 'file' ? (
          <Field label={say('devPath')} value={draft.path} onText={(path) => change({ path })} isDefault />
        ) : null}
        <Choose
          label={say('dfModel')}
          value={model?.id ?? ''}
          options={ofWidth(widthMm).map((one) => ({ value: one.id, text: one.name }))}
          onChoose={(modelId) => change({ modelId })}
          testId="printer-model"
        />
      </div>
      <p className="bm-dialog-help">{say(help[draft.way], { place: found })}</p>
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
      </div>
    </div>
  );
}
