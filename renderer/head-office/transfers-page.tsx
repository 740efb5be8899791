/**
 * Transfers: goods asked for, on the way and received between stores, what is open first. Rule kept: what is on the way has
 * its value and age; a difference or a conflict is flagged in the list and named beside it; asking and calling off is all
 * that head office does, goods move by the stores' own word.
 */
import { useCallback, useEffect, useState } from 'react';
import type { Me } from '#contract/server.ts';
import {
  type OfficeTransfer,
  type OfficeTransferDetail,
  transferApi,
  type TransfersReply,
} from '#contract/transfers.ts';
import { formatPaise, formatRupees } from '#core/money.ts';
import { ask, type Failure } from './api.ts';
import { errorText } from './error-words.ts';
import { Chip, OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { OfficeTable, PickRow } from './office-list.tsx';
import { useOffice } from './office-words.ts';
import { goTo, useRoute } from './route.ts';
import { useAsked } from './office-data.ts';
import { ageText } from './times.ts';
import { NewTransfer } from './transfer-new.tsx';
import { CallOffDialog, TransferDetailSide } from './transfer-detail.tsx';
import { stateLooks } from './transfer-state.ts';
import { useRows } from './use-rows.ts';

const everyMs = 3_000;
/** For the rail and Home: how many are open, and the newest, whatever page is shown. */
export const useOpenTransfers = () => useAsked(transferApi.transfers, 10_000, aFew);
const aFew = { limit: 100 } as const;

type Read = {
  readonly list: TransfersReply | null;
  readonly one: OfficeTransferDetail | null;
  readonly nowMs: number;
};

export function TransfersPage({ me }: { readonly me: Me }) {
  const { say } = useOffice();
  const { id } = useRoute();
  const [{ list, one, nowMs }, setRead] = useState<Read>({ list: null, one: null, nowMs: 0 });
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const [open, setOpen] = useState<'new' | 'callOff' | null>(null);
  const read = useCallback(async (): Promise<void> => {
    const answer = await ask(transferApi.transfers, { limit: 200 });
    setTrouble(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    const transferId = answer.value.transfers.some((row) => row.transferId === id)
      ? id
      : answer.value.transfers[0]?.transferId;
    const shown = transferId == null ? null : await ask(transferApi.transfer, { transferId });
    setRead({ list: answer.value, one: shown?.ok === true ? shown.value : null, nowMs: Date.now() });
  }, [id]);
  useEffect(() => {
    const first = setTimeout(() => void read(), 0);
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void read();
    }, everyMs);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [read]);
  const rows = list?.transfers ?? [];
  const chosen = rows.find((row) => row.transferId === id) ?? rows[0];
  const canAsk = me.role !== 'store';
  const choose = (transferId: string): void => {
    setOpen(null);
    goTo('transfers', transferId);
  };
  useRows({ ids: rows.map((row) => row.transferId), chosen: chosen?.transferId ?? null, onChoose: choose });
  return (
    <>
      <PageHead
        title={say('navTransfers')}
        note={
          list === null
            ? say('loading')
            : list.open === 0
              ? ''
              : say('trOpenNote', { count: list.open, amount: formatRupees(list.inTransitPaise) })
        }
      >
        {canAsk ? (
          <OfficeButton icon="plus" onPress={() => setOpen('new')} testId="transfer-new">
            {say('trNew')}
          </OfficeButton>
        ) : null}
      </PageHead>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <div className="ho-split">
        <OfficeTable
          label={say('navTransfers')}
          testId="transfers"
          columns={[
            { word: 'trFrom' },
            { word: 'trTo' },
            { word: 'colState' },
            { word: 'trItemsCol', isNumber: true },
            { word: 'trOnWay', isNumber: true },
            { word: 'trAge', isNumber: true },
          ]}
          keys={{ row: say('keyTransfer'), enter: null, find: null }}
          below={list !== null && rows.length === 0 ? <p className="ho-calm">{say('trNone')}</p> : null}
        >
          {rows.map((row) => (
            <Row key={row.transferId} row={row} nowMs={nowMs} isChosen={row === chosen} onChoose={choose} />
          ))}
        </OfficeTable>
        {open === 'new' ? (
          <NewTransfer
            onBack={() => setOpen(null)}
            onAsked={(transferId) => {
              choose(transferId);
              void read();
            }}
          />
        ) : one === null || one.head.transferId !== chosen?.transferId ? null : (
          <TransferDetailSide
            shown={one}
            nowMs={nowMs}
            onCallOff={canAsk && one.head.state === 'requested' ? () => setOpen('callOff') : null}
          />
        )}
      </div>
      {open === 'callOff' && one !== null ? (
        <CallOffDialog
          transfer={one.head}
          onDone={() => {
            setOpen(null);
            void read();
          }}
        />
      ) : null}
    </>
  );
}

function Row(props: {
  readonly row: OfficeTransfer;
  readonly nowMs: number;
  readonly isChosen: boolean;
  readonly onChoose: (transferId: string) => void;
}) {
  const { say } = useOffice();
  const { row } = props;
  const look = stateLooks[row.state];
  return (
    <PickRow id={row.transferId} testId="transfer-row" isChosen={props.isChosen} onChoose={props.onChoose}>
      <td className="ho-strong">{row.fromName}</td>
      <td className="ho-strong">{row.toName}</td>
      <td>
        <span className="ho-chips">
          <Chip look={look.look} icon={look.icon}>
            {say(look.word)}
          </Chip>
          {row.hasVariance ? <Chip look="warn">{say('trVariance')}</Chip> : null}
          {row.hasConflict ? <Chip look="bad">{say('trConflict')}</Chip> : null}
        </span>
      </td>
      <td className="ho-num">{row.items}</td>
      <td className="ho-num">{row.inTransitPaise === 0 ? '' : formatPaise(row.inTransitPaise)}</td>
      <td className="ho-num ho-quiet">{ageText(props.nowMs - row.changedAtMs, say)}</td>
    </PickRow>
  );
}
