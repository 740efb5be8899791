/** Where is it? What hangs on this PC, what answers on the network, or an address typed by hand. Rule kept: the
 * list moves by itself; choosing sets nothing but this one device, and what is in use says by whom. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { DeviceKind, FoundDevice, NetworkSearch } from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { useForm } from '../keys/form-stack.ts';
import { useFeed } from '../link/use-feed.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Cap, Field } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { deviceNames } from './device-words.ts';
import { readAddress } from './targets.ts';

function FoundRow(props: { readonly found: FoundDevice; readonly cap: string | null; readonly onPick: () => void }) {
  const { say } = useWords();
  const { found, cap, onPick } = props;
  const remark =
    found.usedBy !== null
      ? say('dfUsedBy', { what: say(deviceNames[found.usedBy].name) })
      : found.guess !== null
        ? say('dfLooksLike', { deviceTo: say(deviceNames[found.guess].to) })
        : '';
  return (
    <li>
      <UnstyledButton className="bm-dfound" onClick={onPick} data-testid="found">
        {cap === null ? <span /> : <Cap>{cap}</Cap>}
        <Icon name={found.guess === null ? 'plug' : deviceNames[found.guess].icon} size={20} />
        <b>{found.name ?? found.place}</b>
        <span>{found.name === null || found.name === found.place ? '' : found.place}</span>
        <small>{remark}</small>
      </UnstyledButton>
    </li>
  );
}

export function ChoosePane(props: {
  readonly kind: DeviceKind;
  readonly isSearching: boolean;
  readonly error: string;
  readonly onPick: (target: WireTargetInput) => void;
  readonly onNone: (() => void) | null;
  readonly onScan: (code: string) => void;
  readonly back: () => void;
}) {
  const { say } = useWords();
  const { kind, onPick, back, onNone, onScan } = props;
  const [isSearching, setSearching] = useState(props.isSearching);
  const [address, setAddress] = useState('');
  const listed = useFeed('found', (till, _, options) => till.device.findFeed(undefined, options));
  const [round, setRound] = useState(0);
  const search = useFeed<'search', NetworkSearch>(
    isSearching ? 'search' : null,
    (till, _, options) => till.device.searchNetwork(undefined, options),
    round,
  );
  const isRunning = isSearching && search?.isDone !== true;
  const turnSearch = (): void => {
    setSearching(!isRunning);
    setRound((now) => now + 1);
  };
  const here = listed ?? [];
  const net = search?.found ?? [];
  const all = [...here, ...net].slice(0, 9);
  const mayPrint = kind === 'printer' || kind === 'label';
  const typedTarget = readAddress(address, mayPrint);
  const typed = (): void => {
    if (typedTarget !== null) onPick(typedTarget);
  };
  useForm({
    name: 'choose-device',
    back,
    scan: onScan,
    accept: typed,
    enter: typed,
    choose: (digit) => {
      const one = all[digit - 1];
      if (one !== undefined) onPick(one.target);
    },
    letters: { N: turnSearch },
  });
  const caps = (one: FoundDevice): string | null => {
    const at = all.indexOf(one);
    return at < 0 ? null : String(at + 1);
  };
  return (
    <div className="bm-dpane" data-form="choose-device" data-testid="choose-device">
      <h1>{say('dfTitle', { deviceTo: say(deviceNames[kind].to) })}</h1>
      {props.error === '' ? null : (
        <div className="bm-field-error" role="alert">
          {props.error}
        </div>
      )}
      <section>
        <h2>{say('dfHere')}</h2>
        <ul className="bm-dfounds">
          {here.map((one) => (
            <FoundRow key={one.id} found={one} cap={caps(one)} onPick={() => onPick(one.target)} />
          ))}
        </ul>
        {here.length === 0 ? <p className="bm-dnone">{say('dfNothing')}</p> : null}
      </section>
      {mayPrint ? (
        <section>
          <h2>{say('dfNetwork')}</h2>
          <ul className="bm-dfounds">
            {net.map((one) => (
              <FoundRow key={one.id} found={one} cap={caps(one)} onPick={() => onPick(one.target)} />
            ))}
          </ul>
          <div className="bm-dnet">
            <ActionButton cap="N" onPress={turnSearch}>
              {say(isRunning ? 'dfStop' : 'dwSearch')}
            </ActionButton>
            <span role="status" className="bm-dnone" data-testid="searching">
              {search === null
                ? say('dwSearchHelp')
                : search.isDone && search.total === 0
                  ? say('dfNoNetwork')
                  : say(search.isDone ? 'dfSearchDone' : 'dfSearching', { asked: search.asked, total: search.total })}
            </span>
          </div>
        </section>
      ) : null}
      <section>
        <div className="bm-dnet">
          <Field
            label={say('dfType')}
            value={address}
            onText={setAddress}
            placeholder={mayPrint ? '192.168.1.50:9100' : 'COM3'}
            testId="device-address"
          />
          <ActionButton onPress={typed} isDisabled={typedTarget === null} testId="use-address">
            {say('useThis')}
          </ActionButton>
        </div>
      </section>
      <div className="bm-pane-actions">
        {onNone === null ? null : <ActionButton onPress={onNone}>{say('dfNone')}</ActionButton>}
      </div>
    </div>
  );
}
