/** The six devices with their state in words, always in the same order. Rule kept: a state is a word and a shape,
 * never a colour alone; the list moves by itself when something is plugged in or pulled out. */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { DeviceKind, DeviceView, FoundDevice } from '#contract/device-views.ts';
import type { DevicesView } from '#contract/views.ts';
import { formatQty } from '#core/quantity.ts';
import type { WedgeSetting } from '#contract/till-scanner.ts';
import { useAnswer } from '../link/use-answer.ts';
import { Icon } from '../parts/icons.tsx';
import { type Say, useWords } from '../words/words.ts';
import { deviceNames, stateWord } from './device-words.ts';
import { wedgeWords } from './learn-pane.tsx';

const toneIcon = { good: 'checkRound', bad: 'alert', warn: 'alert' } as const;

/** The third line: where it hangs, or what may be done about it. */
export function underline(
  view: DeviceView,
  wedge: WedgeSetting | null,
  devices: DevicesView,
  found: readonly FoundDevice[],
  say: Say,
): string {
  if (view.kind === 'drawer' && view.place === null) return say('dsThroughPrinter');
  if (view.kind === 'scanner' && view.place === null) {
    return wedge === null ? say('dsKeyboard') : say('dlKeyboard', { words: wedgeWords(wedge, say)[0] ?? '' });
  }
  if (view.state === 'notSet') return say('dsSkip');
  const name = found.find((one) => one.usedBy === view.kind)?.name ?? null;
  const place = view.place ?? '';
  if (view.kind === 'scale' && view.state === 'works' && devices.scaleMilli !== null) {
    return say('dsShows', { place, weight: formatQty(devices.scaleMilli, 'kg') });
  }
  return name === null || place.includes(name) ? place : `${name}, ${place}`;
}

function Entry(props: {
  readonly view: DeviceView;
  readonly wedge: WedgeSetting | null;
  readonly found: readonly FoundDevice[];
  readonly devices: DevicesView;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { say } = useWords();
  const { view, isChosen, onChoose } = props;
  const { icon, name } = deviceNames[view.kind];
  // A drawer has no state of its own where it hangs on the printer.
  const after = view.kind === 'drawer' && view.place === null;
  const isLow = props.devices.isPaperLow && view.kind === 'printer' && view.state === 'works';
  const { word, tone } = after
    ? ({ word: 'dsAfterPrinter', tone: 'quiet' } as const)
    : isLow
      ? ({ word: 'dsPaperLow', tone: 'warn' } as const)
      : stateWord(view);
  const me = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen) me.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  return (
    <UnstyledButton
      ref={me}
      className={isChosen ? 'bm-dev bm-dev-chosen' : 'bm-dev'}
      aria-current={isChosen}
      onClick={onChoose}
      data-testid={`device-${view.kind}`}
    >
      <Icon name={icon} size={24} />
      <span className="bm-dev-name">{say(name)}</span>
      <span className={`bm-dev-state bm-dev-${tone}`} data-testid={`state-${view.kind}`}>
        {tone === 'quiet' ? null : <Icon name={toneIcon[tone]} size={16} />}
        {say(word)}
      </span>
      <span className="bm-dev-under">{underline(view, props.wedge, props.devices, props.found, say)}</span>
    </UnstyledButton>
  );
}

export function DeviceList(props: {
  readonly chosen: DeviceKind;
  /** The last scan, shown wherever one is in the wizard. */
  readonly scanned: string | null;
  readonly found: readonly FoundDevice[];
  readonly devices: DevicesView;
  readonly onChoose: (kind: DeviceKind) => void;
}) {
  const { say } = useWords();
  // Asked anew when the scanner's entry changes: it was learnt.
  const scanner = useAnswer(props.devices.all.find((view) => view.kind === 'scanner') ?? null, (till) =>
    till.scanner.setting(),
  );
  const wedge = scanner?.ok === true && scanner.value.isWedgeLearnt ? scanner.value.wedge : null;
  return (
    <nav className="bm-card bm-devs" aria-label={say('devicesTitle')}>
      {props.devices.all.map((view) => (
        <Entry
          key={view.kind}
          view={view}
          wedge={wedge}
          found={props.found}
          devices={props.devices}
          isChosen={view.kind === props.chosen}
          onChoose={() => props.onChoose(view.kind)}
        />
      ))}
      <p className="bm-devs-hint" role="status" data-testid="last-scan">
        {props.scanned === null ? say('dvPlugIn') : say('devScanned', { code: props.scanned })}
      </p>
    </nav>
  );
}
