/**
 * What branches wish to change: conflicts first, then the oldest; each with both sides, margin and MRP. Rule kept: nothing
 * is chosen for anybody; what somebody changed meanwhile is shown again before a decision counts.
 */
import { useId, useState } from 'react';
import { type CaseView, proposalApi } from '#contract/proposals.ts';
import type { Me } from '#contract/server.ts';
import { Choose } from '../parts/choose.tsx';
import { nameIn } from '../words/formats.ts';
import { errorText } from './error-words.ts';
import { type Asked, useAsked } from './office-data.ts';
import { Chip, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { OfficeTable, PickRow, SearchField } from './office-list.tsx';
import { useOffice } from './office-words.ts';
import { ProposalSides } from './proposal-sides.tsx';
import { ageText } from './times.ts';
import { useRows } from './use-rows.ts';

export const useCases = () => useAsked(proposalApi.cases, 10_000);

const storesOf = (one: CaseView): string => [...new Set(one.proposals.map((side) => side.storeName))].join(', ');
const sinceOf = (one: CaseView): number => Math.min(...one.proposals.map((side) => side.proposedAtMs));

export function ProposalsPage({
  me,
  open,
  nowMs,
}: {
  readonly me: Me;
  readonly open: Asked<readonly CaseView[]>;
  readonly nowMs: number;
}) {
  const { say, language } = useOffice();
  const searchId = useId();
  const [which, setWhich] = useState<'open' | 'decided'>('open');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const decided = useAsked(proposalApi.decided, 30_000);
  const asked = which === 'open' ? open : decided;
  const typed = text.trim().toLowerCase();
  const shown = (asked.value ?? []).filter((one) =>
    `${one.name} ${one.nameHi ?? ''} ${storesOf(one)}`.toLowerCase().includes(typed),
  );
  const now = shown.find((one) => one.itemId === chosen) ?? shown[0];
  useRows({ ids: shown.map((one) => one.itemId), chosen: now?.itemId ?? null, onChoose: setChosen, searchId });
  const conflicts = (open.value ?? []).filter((one) => one.reasons.length > 0).length;
  return (
    <>
      <PageHead
        title={say('navProposals')}
        note={asked.value === null ? say('loading') : conflicts === 0 ? '' : say('conflictsNote', { count: conflicts })}
      >
        <SearchField id={searchId} label={say('findProposal')} value={text} onText={setText} />
        <Choose
          label={say('prShow')}
          value={which}
          onChoose={setWhich}
          testId="proposals-which"
          options={[
            { value: 'open', text: say('prOpen') },
            { value: 'decided', text: say('prDecided') },
          ]}
        />
      </PageHead>
      {asked.error === null ? null : <OfficeTrouble>{errorText(asked.error, say)}</OfficeTrouble>}
      <div className="ho-split">
        <OfficeTable
          label={say('navProposals')}
          testId="cases"
          isWrapped
          columns={[{ word: 'colItem' }, { word: 'colStore' }, { word: 'prAge' }, { word: 'colState' }]}
          keys={{ row: say('keyItem'), enter: null, find: say('keyFind') }}
          below={
            asked.value !== null && shown.length === 0 ? (
              <p className="ho-calm">{say(typed === '' ? 'prNone' : 'prNoneLike', { text })}</p>
            ) : null
          }
        >
          {shown.map((one) => (
            <PickRow key={one.itemId} id={one.itemId} isChosen={one.itemId === now?.itemId} onChoose={setChosen}>
              <td className="ho-strong">{nameIn(one, language)}</td>
              <td className="ho-quiet">{storesOf(one)}</td>
              <td className="ho-quiet">{ageText(nowMs - sinceOf(one), say)}</td>
              <td>
                {one.reasons.length > 0 ? (
                  <Chip look="warn" icon="alert">
                    {say('prConflict')}
                  </Chip>
                ) : (
                  <Chip look="quiet">{say(which === 'open' ? 'prWaits' : 'prDone')}</Chip>
                )}
              </td>
            </PickRow>
          ))}
        </OfficeTable>
        {now === undefined ? null : (
          <ProposalSides
            key={`${now.itemId} ${now.seen}`}
            one={now}
            nowMs={nowMs}
            canDecide={which === 'open' && me.role === 'chain'}
            onDecided={() => {
              void open.again();
              void decided.again();
            }}
          />
        )}
      </div>
    </>
  );
}
