/**
 * Stock transfers (F12): what is to send, what is coming, what waits for others, what is done; from here one asks, sends
 * and receives. Rule kept: all of it is the till's word, asked anew whenever it says that something changed; nothing here
 * waits for a network.
 */
import { useEffect, useState } from 'react';
import type { TillTransfer, TransferList } from '#contract/till-transfers.ts';
import { errorText } from '../counter/till-calls.ts';
import { goTo } from '../counter/ui-store.ts';
import { ask, follow } from '../link/till-link.ts';
import { MakeTransfer } from './make-transfer.tsx';
import { ReceiveTransfer } from './receive-transfer.tsx';
import { SendTransfer } from './send-transfer.tsx';
import { ShowTransfer } from './show-transfer.tsx';
import { TransferRows } from './transfer-rows.tsx';

type At =
  | { readonly step: 'list' }
  | { readonly step: 'ask' | 'send' }
  | { readonly step: 'one'; readonly transfer: TillTransfer };

export function TransferScreen() {
  const [at, setAt] = useState<At>({ step: 'list' });
  const [list, setList] = useState<TransferList | null>(null);
  const [error, setError] = useState('');
  useEffect(() => {
    const feed = follow(
      (till) => till.transfer.feed(),
      () => {
        void ask((till) => till.transfer.list()).then((answer) => {
          if (answer.ok) setList(answer.value);
          else setError(errorText(answer.error));
        });
      },
    );
    return feed.stop;
  }, []);
  const open = async (transferId: TillTransfer['row']['transferId']): Promise<void> => {
    const answer = await ask((till) => till.transfer.get({ transferId }));
    if (answer.ok) setAt({ step: 'one', transfer: answer.value });
    else setError(errorText(answer.error));
  };
  const toList = (): void => {
    setError('');
    setAt({ step: 'list' });
  };
  if (at.step === 'one') {
    const { transfer } = at;
    if (transfer.canSend) return <SendTransfer transfer={transfer} onBack={toList} />;
    if (transfer.canReceive) return <ReceiveTransfer transfer={transfer} onBack={toList} />;
    return <ShowTransfer transfer={transfer} onBack={toList} />;
  }
  if (at.step !== 'list') return <MakeTransfer kind={at.step} stores={list?.stores ?? []} onBack={toList} />;
  return (
    <TransferRows
      list={list}
      error={error}
      onOpen={(id) => void open(id)}
      onAsk={() => setAt({ step: 'ask' })}
      onSend={() => setAt({ step: 'send' })}
      onBack={() => goTo('counter')}
    />
  );
}
