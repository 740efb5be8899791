/**
 * Rules that head office gives its stores: for all of them, or for one. Rule kept: an empty field says nothing, the shop
 * then keeps its own; what one store has said for it counts before what holds for every store.
 */
import { useCallback, useEffect, useState } from 'react';
import { masterApi, type SettingName, type SettingView, type StoreSetting } from '#contract/master.ts';
import { type Me, officeApi, type OrgView } from '#contract/server.ts';
import { formatPaise, parsePaise } from '#core/money.ts';
import { Choose } from '../parts/choose.tsx';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeField, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { type OfficeWord, useOffice } from './office-words.ts';
import { whenText } from './times.ts';

type Rule = {
  readonly name: SettingName;
  readonly label: OfficeWord;
  readonly help: OfficeWord;
  readonly show: (setting: StoreSetting) => string;
  /** null: it cannot be so. */
  readonly read: (text: string) => StoreSetting | null;
};
const wholeOf = (text: string, most: number): number | null =>
  /^\d{1,6}$/.test(text) && Number(text) <= most ? Number(text) : null;

const rules: readonly Rule[] = [
  {
    name: 'receiptFooter',
    label: 'ruleFooter',
    help: 'ruleFooterHelp',
    show: (setting) => String(setting.value),
    read: (text) => (text.length > 300 ? null : { name: 'receiptFooter', value: text }),
  },
  {
    name: 'returnLimitPaise',
    label: 'ruleReturnLimit',
    help: 'ruleReturnLimitHelp',
    show: (setting) => (setting.name === 'returnLimitPaise' ? formatPaise(setting.value) : ''),
    read: (text) => {
      const value = parsePaise(text);
      return value === null || value < 0 ? null : { name: 'returnLimitPaise', value };
    },
  },
  {
    name: 'returnDays',
    label: 'ruleReturnDays',
    help: 'ruleReturnDaysHelp',
    show: (setting) => String(setting.value),
    read: (text) => {
      const value = wholeOf(text, 3_650);
      return value === null ? null : { name: 'returnDays', value };
    },
  },
  {
    name: 'discountLimitBp',
    label: 'ruleDiscount',
    help: 'ruleDiscountHelp',
    show: (setting) => (setting.name === 'discountLimitBp' ? String(setting.value / 100) : ''),
    read: (text) => {
      const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text);
      const value = match === null ? null : Number(match[1]) * 100 + Number((match[2] ?? '0').padEnd(2, '0'));
      return value === null || value > 10_000 ? null : { name: 'discountLimitBp', value };
    },
  },
];

export function RulesPage({ me }: { readonly me: Me }) {
  const { say } = useOffice();
  const [org, setOrg] = useState<OrgView | null>(null);
  const [settings, setSettings] = useState<readonly SettingView[] | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const [choice, setChoice] = useState<string>('all');
  const [readAtMs, setReadAtMs] = useState(0);
  const load = useCallback(async (): Promise<void> => {
    const answer = await ask(masterApi.settings, {});
    setTrouble(answer.ok ? null : answer.error);
    setReadAtMs(Date.now());
    if (answer.ok) setSettings(answer.value);
  }, []);
  useEffect(() => {
    const first = setTimeout(() => {
      void load();
      void ask(officeApi.org, {}).then((answer) => {
        if (answer.ok) setOrg(answer.value);
      });
    }, 0);
    return () => clearTimeout(first);
  }, [load]);
  const storeId = choice === 'all' ? null : choice;
  const of = (name: SettingName, whose: string | null): SettingView | null =>
    settings?.find((one) => one.setting.name === name && one.storeId === whose) ?? null;
  return (
    <>
      <PageHead title={say('rulesTitle')} note={settings === null ? say('loading') : say('rulesNote')} />
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <div className="ho-card ho-rules">
        <Choose
          label={say('rulesFor')}
          value={choice}
          onChoose={setChoice}
          testId="rules-for"
          options={[
            { value: 'all', text: say('everyStore') },
            ...(org?.regions ?? []).flatMap((region) =>
              region.stores.map((store) => ({ value: store.storeId, text: store.name })),
            ),
          ]}
        />
        {settings === null
          ? null
          : rules.map((rule) => (
              <RuleRow
                key={`${rule.name} ${choice} ${of(rule.name, storeId)?.changedAtMs ?? 0}`}
                rule={rule}
                storeId={storeId}
                now={of(rule.name, storeId)}
                ofAll={storeId === null ? null : of(rule.name, null)}
                canChange={me.role === 'chain'}
                nowMs={readAtMs}
                onSaved={() => void load()}
              />
            ))}
      </div>
    </>
  );
}

function RuleRow(props: {
  readonly rule: Rule;
  readonly storeId: string | null;
  readonly now: SettingView | null;
  readonly ofAll: SettingView | null;
  readonly canChange: boolean;
  readonly nowMs: number;
  readonly onSaved: () => void;
}) {
  const { say, language } = useOffice();
  const { rule, storeId, now, ofAll } = props;
  const kept = now === null ? '' : rule.show(now.setting);
  const [text, setText] = useState(kept);
  const [error, setError] = useState<string | undefined>(undefined);
  const save = async (): Promise<void> => {
    const wanted = text.trim();
    const setting = wanted === '' ? null : rule.read(wanted);
    if (wanted !== '' && setting === null) return setError(say('ruleBad'));
    const answer =
      setting === null
        ? await ask(masterApi.clearSetting, { storeId: storeId as never, name: rule.name })
        : await ask(masterApi.saveSetting, { storeId: storeId as never, setting });
    if (!answer.ok) return setError(errorText(answer.error, say));
    setError(undefined);
    props.onSaved();
  };
  const by =
    now === null
      ? ''
      : say('ruleBy', { who: now.changedBy, when: whenText(now.changedAtMs, props.nowMs, say, language) });
  const hint = [
    say(rule.help),
    ofAll === null || now !== null ? '' : say('ruleOfAll', { value: rule.show(ofAll.setting) }),
    by,
  ];
  return (
    <form
      className="ho-rule"
      data-testid={`rule-${rule.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (props.canChange) void save();
      }}
    >
      <OfficeField
        label={say(rule.label)}
        value={text}
        onText={setText}
        error={error}
        hint={hint.filter((part) => part !== '').join(' ')}
        testId={`rule-${rule.name}-field`}
      />
      {props.canChange ? (
        <OfficeButton
          look={text.trim() === kept ? 'plain' : 'main'}
          cap="Enter"
          isSubmit
          isDisabled={text.trim() === kept}
          testId={`rule-${rule.name}-save`}
        >
          {say('save')}
        </OfficeButton>
      ) : null}
    </form>
  );
}
