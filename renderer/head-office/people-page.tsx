/**
 * The people of the stores: who they are, what they may, where they work. Rule kept: head office writes these; a PIN is
 * neither shown nor set here. What two people change at once is told to the second.
 */
import { useId, useState } from 'react';
import { masterApi, type PersonView, type StaffRole } from '#contract/master.ts';
import type { Me } from '#contract/server.ts';
import { errorText } from './error-words.ts';
import { useAsked } from './office-data.ts';
import { Chip, OfficeButton, OfficeTrouble, PageHead } from './office-pieces.tsx';
import { OfficeTable, PickRow, SearchField } from './office-list.tsx';
import { type OfficeSay, type OfficeWord, useOffice } from './office-words.ts';
import { PersonForm } from './person-form.tsx';
import { useRows } from './use-rows.ts';

export const roleWords: Readonly<Record<StaffRole, OfficeWord>> = {
  cashier: 'pCashier',
  supervisor: 'pSupervisor',
  owner: 'pOwner',
};

const whereText = ({ storeIds, isActive }: PersonView, say: OfficeSay): string =>
  !isActive || storeIds?.length === 0
    ? say('personGone')
    : storeIds === null
      ? say('everyStore')
      : say('storesPicked', { count: storeIds.length });

export function PeoplePage({ me }: { readonly me: Me }) {
  const { say } = useOffice();
  const searchId = useId();
  const { value: people, error: trouble, again } = useAsked(masterApi.people, null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const canChange = me.role === 'chain';
  const shown = (people ?? []).filter((one) => one.name.toLowerCase().includes(text.trim().toLowerCase()));
  const open = chosen === 'new' ? null : (shown.find((one) => one.id === chosen) ?? shown[0] ?? null);
  const focusForm = (): void => document.querySelector<HTMLInputElement>('[data-testid="person-name"]')?.focus();
  useRows({
    ids: shown.map((one) => one.id),
    chosen: open?.id ?? null,
    onChoose: setChosen,
    onOpen: focusForm,
    searchId,
  });
  return (
    <>
      <PageHead
        title={say('peopleTitle')}
        note={people === null ? say('loading') : say('peopleNote', { count: people.length })}
      >
        <SearchField id={searchId} label={say('findPerson')} value={text} onText={setText} testId="find-person" />
        {canChange ? (
          <OfficeButton icon="plus" onPress={() => setChosen('new')} testId="new-person">
            {say('newPerson')}
          </OfficeButton>
        ) : null}
      </PageHead>
      {trouble === null ? null : <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>}
      <div className="ho-split">
        <OfficeTable
          label={say('peopleTitle')}
          testId="people"
          columns={[{ word: 'personName' }, { word: 'personRole' }, { word: 'personWhere' }, { word: 'colState' }]}
          keys={{ row: say('keyPerson'), enter: canChange ? say('keyEdit') : null, find: say('keyFind') }}
          below={
            people !== null && shown.length === 0 ? (
              <p className="ho-calm">{text === '' ? say('peopleNone') : say('findPersonNone', { text })}</p>
            ) : null
          }
        >
          {shown.map((one) => (
            <PickRow key={one.id} id={one.id} isChosen={one.id === open?.id} onChoose={setChosen}>
              <td className="ho-strong">{one.name}</td>
              <td>{say(roleWords[one.role])}</td>
              <td className="ho-quiet">{whereText(one, say)}</td>
              <td>
                <Chip look={one.isActive ? 'good' : 'quiet'}>{say(one.isActive ? 'personActive' : 'personLeft')}</Chip>
              </td>
            </PickRow>
          ))}
        </OfficeTable>
        {canChange && (open !== null || chosen === 'new' || people?.length === 0) ? (
          <PersonForm
            key={`${open?.id ?? 'new'} ${open?.changedAtMs ?? 0}`}
            person={open}
            isSaved={open !== null && saved === open.id}
            onSaved={(id) => {
              setSaved(id);
              setChosen(id);
              void again();
            }}
          />
        ) : null}
      </div>
    </>
  );
}
