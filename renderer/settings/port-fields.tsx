/** Which port a device hangs on, and how fast it speaks. Rule kept: what is plugged in is chosen from a list that
 * moves by itself; what no list shows (a Bluetooth port, a network box) can be typed. */
import { useState } from 'react';
import type { FoundDevice } from '#contract/device-views.ts';
import type { SerialFormatInput, WireTargetInput } from '#contract/wire-target.ts';
import { useFeed } from '../link/use-feed.ts';
import { Choose } from '../parts/choose.tsx';
import { Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { isSamePlace, placeText, readTarget } from './targets.ts';

const bauds = ['1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200'] as const;
const frames = {
  '8N1': { dataBits: 8, parity: 'none', stopBits: 1 },
  '7E1': { dataBits: 7, parity: 'even', stopBits: 1 },
  '7O1': { dataBits: 7, parity: 'odd', stopBits: 1 },
  '8E1': { dataBits: 8, parity: 'even', stopBits: 1 },
  '8N2': { dataBits: 8, parity: 'none', stopBits: 2 },
} as const;
type FrameName = keyof typeof frames;

const frameOf = (format: SerialFormatInput): FrameName =>
  (Object.keys(frames) as FrameName[]).find((name) => {
    const { dataBits, parity, stopBits } = frames[name];
    return dataBits === format.dataBits && parity === format.parity && stopBits === format.stopBits;
  }) ?? '8N1';

const typed = 'typed';

export function PortFields(props: {
  readonly target: WireTargetInput | null;
  readonly usual: SerialFormatInput;
  readonly onTarget: (target: WireTargetInput | null) => void;
}) {
  const { say } = useWords();
  const { target, usual, onTarget } = props;
  const listed = useFeed('ports', (till, _, options) => till.device.findFeed(undefined, options)) ?? [];
  const ports = listed.filter((one) => one.target.kind !== 'windowsQueue');
  const at = ports.findIndex((one) => target !== null && isSamePlace(one.target, target));
  const [text, setText] = useState(() => (target === null ? '' : (placeText(target).split(',')[0] ?? '')));
  const pick = (value: string): void => {
    const port = ports[Number(value)];
    if (port === undefined) onTarget(readTarget(text, usual));
    else onTarget(port.target.kind === 'serial' ? { ...port.target, format: formatNow } : port.target);
  };
  const formatNow = target?.kind === 'serial' ? target.format : usual;
  const change = (some: Partial<SerialFormatInput>): void => {
    if (target?.kind === 'serial') onTarget({ ...target, format: { ...target.format, ...some } });
  };
  const nameOf = (one: FoundDevice): string => (one.name === null ? one.place : `${one.place}, ${one.name}`);
  return (
    <div className="bm-two">
      <Choose
        label={say('dfPortOn')}
        value={at < 0 ? typed : String(at)}
        options={[
          ...ports.map((one, i) => ({ value: String(i), text: nameOf(one) })),
          { value: typed, text: say('dfTypePort') },
        ]}
        onChoose={pick}
        testId="port"
      />
      {at < 0 ? (
        <Field
          label={say('dfAddress')}
          value={text}
          onText={(next) => {
            setText(next);
            onTarget(readTarget(next, formatNow));
          }}
          placeholder="COM3"
          testId="port-typed"
        />
      ) : (
        <span />
      )}
      {target?.kind === 'serial' ? (
        <>
          <Choose
            label={say('dfSerialFormat')}
            value={String(target.format.baud)}
            options={[...new Set([...bauds, String(target.format.baud)])].map((value) => ({ value, text: value }))}
            onChoose={(baud) => change({ baud: Number(baud) })}
            testId="port-baud"
          />
          <Choose
            label={say('dfFrame')}
            value={frameOf(target.format)}
            options={(Object.keys(frames) as FrameName[]).map((value) => ({ value, text: value }))}
            onChoose={(name) => change(frames[name])}
            testId="port-frame"
          />
        </>
      ) : null}
    </div>
  );
}
