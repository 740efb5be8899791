/** The scale's port, kind and speed, or a pattern of one's own, with a live tester. Rule kept: nothing is kept before
 * it is saved; the chosen kind brings its maker's speed, which a person may change. */
import { useState } from 'react';
import type {
  ScalePattern,
  ScalePatternPreset,
  ScaleProtocolId,
  ScaleProtocolView,
  ScaleSetting,
} from '#contract/till-scale.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { PortFields } from './port-fields.tsx';
import { usualFormat } from './targets.ts';
import { ScaleTrialBox, useScaleTrial } from './scale-trial.tsx';

const noPattern: ScalePattern = { expression: '', unit: 'kg', stableText: null, ask: null };

type Kinds = {
  readonly protocols: readonly ScaleProtocolView[];
  readonly presets: readonly ScalePatternPreset[];
};
type Props = {
  /** A port just chosen; null: the one that is set. */
  readonly picked: WireTargetInput | null;
  readonly onSaved: () => void;
};

export function ScaleSettings(props: Props) {
  const { say } = useWords();
  const setting = useAnswer('setting', (till) => till.scale.setting());
  const kinds = useAnswer('kinds', (till) => till.scale.protocols());
  if (setting?.ok !== true || kinds === null) return <div className="bm-dpane" />;
  if (!kinds.ok) return <p className="bm-field-error">{say('dfOwner')}</p>;
  return <Filled {...props} first={setting.value} kinds={kinds.value} />;
}

function PatternFields(props: {
  readonly pattern: ScalePattern;
  readonly presets: readonly ScalePatternPreset[];
  readonly sample: string;
  readonly onPattern: (pattern: ScalePattern) => void;
}) {
  const { say } = useWords();
  const { pattern, presets, sample, onPattern } = props;
  const change = (some: Partial<ScalePattern>): void => onPattern({ ...pattern, ...some });
  const suggest = async (): Promise<void> => {
    const answer = await ask((till) => till.scale.suggestPattern({ sample }));
    if (answer.ok && answer.value !== null) onPattern(answer.value);
  };
  return (
    <>
      <div className="bm-two">
        <Field
          label={say('dslPattern')}
          value={pattern.expression}
          onText={(expression) => change({ expression })}
          hint={say('dslPatternHint')}
          testId="pattern"
        />
        <Choose
          label={say('dslUnit')}
          value={pattern.unit}
          options={(['kg', 'g', 'lb', 'oz'] as const).map((value) => ({ value, text: value }))}
          onChoose={(unit) => change({ unit })}
        />
        <Field
          label={say('dslStable')}
          value={pattern.stableText ?? ''}
          onText={(text) => change({ stableText: text === '' ? null : text })}
        />
        <Field
          label={say('dslAsk')}
          value={pattern.ask ?? ''}
          onText={(text) => change({ ask: text === '' ? null : text })}
          hint={say('dslAskHint')}
        />
      </div>
      <div className="bm-pane-actions">
        <ActionButton isDisabled={sample === ''} onPress={() => void suggest()} testId="suggest">
          {say('dslSuggest')}
        </ActionButton>
        {presets.map((preset) => (
          <ActionButton key={preset.name} look="quiet" onPress={() => onPattern(preset.pattern)}>
            {preset.name}
          </ActionButton>
        ))}
      </div>
    </>
  );
}

function Filled(props: Props & { readonly first: ScaleSetting | null; readonly kinds: Kinds }) {
  const { say } = useWords();
  const { first, kinds, picked, onSaved } = props;
  const [target, setTarget] = useState<WireTargetInput | null>(picked ?? first?.target ?? null);
  const [protocol, setProtocol] = useState<ScaleProtocolId>(first?.protocol ?? 'continuous');
  const [pattern, setPattern] = useState<ScalePattern>(first?.pattern ?? noPattern);
  const [error, setError] = useState('');
  const isOwn = protocol === 'pattern';
  const whole: ScaleSetting | null =
    target === null || (isOwn && pattern.expression === '')
      ? null
      : { target, protocol, pattern: isOwn ? pattern : null };
  // Until there is a pattern, what comes is shown all the same: a pattern is made from it.
  const trial = useScaleTrial(whole ?? (target === null ? null : { target, protocol: 'continuous', pattern: null }));
  const kind = kinds.protocols.find((one) => one.id === protocol);
  const choose = (id: ScaleProtocolId): void => {
    const next = kinds.protocols.find((one) => one.id === id);
    setProtocol(id);
    if (next !== undefined && target?.kind === 'serial') setTarget({ ...target, format: next.format });
  };
  const save = async (setting: ScaleSetting | null): Promise<void> => {
    const answer = await ask((till) => till.scale.set(setting));
    setError(answer.ok ? '' : errorText(answer.error));
    if (answer.ok) onSaved();
  };
  return (
    <div className="bm-dpane" data-testid="scale-settings">
      <h1>{say('dwSettingsScale')}</h1>
      <PortFields target={target} usual={kind?.format ?? usualFormat} onTarget={setTarget} />
      <Choose
        label={say('dslKind')}
        value={protocol}
        options={kinds.protocols.map(({ id, name }) => ({ value: id, text: name }))}
        onChoose={choose}
        testId="scale-kind"
      />
      <ScaleTrialBox trial={trial} isSet={target !== null} />
      {isOwn ? (
        <PatternFields
          pattern={pattern}
          presets={kinds.presets}
          sample={trial?.lines.at(-1)?.text ?? trial?.raw ?? ''}
          onPattern={setPattern}
        />
      ) : null}
      <div className="bm-field-error" role="alert">
        {error}
      </div>
      <div className="bm-pane-actions">
        <ActionButton look="main" isDisabled={whole === null} onPress={() => void save(whole)} testId="save-scale">
          {say('dfSave')}
        </ActionButton>
        {first === null ? null : <ActionButton onPress={() => void save(null)}>{say('dfNone')}</ActionButton>}
      </div>
    </div>
  );
}
