/**
 * One transfer beside the list: lines with what was asked, sent and arrived, and who did what when. Rule kept: every
 * quantity is the server's; a conflict says what it means and whom to ask.
 */
import { useState } from 'react';
import { type OfficeTransfer, type OfficeTransferDetail, transferApi } from '#contract/transfers.ts';
import { formatRupees } from '#core/money.ts';
import { formatQty, type Milli } from '#core/quantity.ts';
import type { TransferLine, TransferStep } from '#core/stock/transfer-view.ts';
import { nameIn } from '../words/formats.ts';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { Chip, OfficeButton, OfficeDialog, OfficeTrouble } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { whenText } from './times.ts';
import { conflictWords, reasonWords, stateLooks, stepWords } from './transfer-state.ts';

export function TransferDetailSide(props: {
  readonly shown: OfficeTransferDetail;
  readonly nowMs: number;
  readonly onCallOff: (() => void) | null;
}) {
  const { say } = useOffice();
  const { head, detail } = props.shown;
  const look = stateLooks[head.state];
  const names = new Map<string, string>([
    [head.fromStoreId, head.fromName],
    [head.toStoreId, head.toName],
  ]);
  return (
    <section className="ho-card ho-side" aria-label={`${head.fromName}, ${head.toName}`} data-testid="transfer-side">
      <div>
        <h2>{head.fromName}</h2>
        <p className="ho-quiet">
          {say('trTo')}: {head.toName}
        </p>
      </div>
      <div className="ho-chips" data-testid="transfer-state">
        <Chip look={look.look} icon={look.icon}>
          {say(look.word)}
        </Chip>
        {head.hasVariance ? <Chip look="warn">{say('trVariance')}</Chip> : null}
      </div>
      <table className="ho-table ho-wrap ho-transfer-lines">
        <thead>
          <tr>
            <th scope="col">{say('colItem')}</th>
            <th scope="col" className="ho-num">
              {say('trWanted')}
            </th>
            <th scope="col" className="ho-num">
              {say('trSent')}
            </th>
            <th scope="col" className="ho-num">
              {say('trGood')}
            </th>
          </tr>
        </thead>
        <tbody>
          {detail.lines.map((line) => (
            <LineRow key={line.itemId} line={line} />
          ))}
        </tbody>
      </table>
      {detail.sentPaise === 0 ? null : (
        <dl className="ho-pairs">
          <dt>{say('trSent')}</dt>
          <dd>{formatRupees(detail.sentPaise)}</dd>
          <dt>{say('trOnWay')}</dt>
          <dd>{formatRupees(detail.inTransitPaise)}</dd>
        </dl>
      )}
      <h3>{say('trHistory')}</h3>
      <ol className="ho-steps">
        {detail.steps.map((step) => (
          <StepRow key={step.eventId} step={step} names={names} nowMs={props.nowMs} />
        ))}
      </ol>
      {props.onCallOff === null ? null : (
        <div className="ho-side-foot">
          <OfficeButton onPress={props.onCallOff} testId="transfer-call-off">
            {say('trCallOff')}
          </OfficeButton>
        </div>
      )}
    </section>
  );
}

function LineRow({ line }: { readonly line: TransferLine }) {
  const { say, language } = useOffice();
  const text = (qty: Milli | null): string => (qty === null ? '' : formatQty(qty, line.unit));
  const isWhole = line.damagedMilli === null || line.damagedMilli === 0;
  const said = [
    line.differenceMilli === 0 ? '' : text(line.differenceMilli),
    // How many are damaged is said below, and once.
    ...line.reasons.filter((reason) => reason !== 'damaged' || isWhole).map((reason) => say(reasonWords[reason])),
    isWhole ? '' : say('trDamagedOf', { qty: text(line.damagedMilli) }),
  ].filter((part) => part !== '');
  return (
    <tr data-testid="transfer-line">
      <td>
        {nameIn(line, language)}
        {said.length === 0 ? null : <small className="ho-fault">{said.join(', ')}</small>}
      </td>
      <td className="ho-num ho-quiet">{text(line.wantedMilli)}</td>
      <td className="ho-num">{text(line.sentMilli)}</td>
      <td className="ho-num">{text(line.goodMilli)}</td>
    </tr>
  );
}

function StepRow(props: {
  readonly step: TransferStep;
  readonly names: ReadonlyMap<string, string>;
  readonly nowMs: number;
}) {
  const { say, language } = useOffice();
  const { step } = props;
  const by =
    step.storeId === null
      ? say('trByOffice', { name: step.byName })
      : say('trByStore', { store: props.names.get(step.storeId) ?? '', name: step.byName });
  return (
    <li>
      <b>{say(stepWords[step.type], { number: step.number ?? '' })}</b>
      <small>
        {by}, {whenText(step.atMs, props.nowMs, say, language)}
      </small>
      {step.note === '' ? null : <span>{step.note}</span>}
      {step.conflict === null ? null : <span className="ho-fault">{say(conflictWords[step.conflict])}</span>}
    </li>
  );
}

export function CallOffDialog(props: { readonly transfer: OfficeTransfer; readonly onDone: () => void }) {
  const { say } = useOffice();
  const { transferId, fromName, toName } = props.transfer;
  const [trouble, setTrouble] = useState('');
  const go = async (): Promise<void> => {
    const answer = await ask(transferApi.callOff, { transferId, note: '' });
    if (!answer.ok) setTrouble(errorText(answer.error, say));
    else if (answer.value.ok) props.onDone();
    else setTrouble(say('trTooLate'));
  };
  return (
    <OfficeDialog
      name="call-off"
      title={say('trCallOffTitle', { from: fromName, to: toName })}
      onBack={props.onDone}
      footer={
        <>
          <OfficeButton look="quiet" cap="Esc" onPress={props.onDone}>
            {say('keep')}
          </OfficeButton>
          <OfficeButton onPress={() => void go()} testId="call-off-go">
            {say('trCallOff')}
          </OfficeButton>
        </>
      }
    >
      <p className="bm-dialog-help">{say('trCallOffHelp')}</p>
      {trouble === '' ? null : <OfficeTrouble>{trouble}</OfficeTrouble>}
    </OfficeDialog>
  );
}
