/** One person, new or changed, at the right of the people's page. Rule kept: nothing is sent before Save. */
import { useEffect, useState } from 'react';
import { masterApi, type PersonView, type StaffRole } from '#contract/master.ts';
import { officeApi, type OrgView } from '#contract/server.ts';
import { Choose } from '../parts/choose.tsx';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton, OfficeField } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { newUuid } from './new-uuid.ts';

const roles = ['cashier', 'supervisor', 'owner'] as const satisfies readonly StaffRole[];

export function PersonForm(props: {
  readonly person: PersonView | null;
  /** It was saved a moment ago. */
  readonly isSaved: boolean;
  readonly onSaved: (id: string) => void;
}) {
  const { say } = useOffice();
  const { person } = props;
  const [id] = useState(() => person?.id ?? newUuid());
  const [org, setOrg] = useState<OrgView | null>(null);
  const [name, setName] = useState(person?.name ?? '');
  const [role, setRole] = useState<StaffRole>(person?.role ?? 'cashier');
  const [language, setLanguage] = useState<'en' | 'hi'>(person?.language ?? 'hi');
  const [isActive, setActive] = useState(person?.isActive ?? true);
  const [where, setWhere] = useState<'all' | 'some'>(person === null || person.storeIds === null ? 'all' : 'some');
  const [storeIds, setStoreIds] = useState<readonly string[]>(person?.storeIds ?? []);
  const [told, setTold] = useState('');
  useEffect(() => {
    void ask(officeApi.org, {}).then((answer) => {
      if (answer.ok) setOrg(answer.value);
    });
  }, []);
  const save = async (): Promise<void> => {
    const answer = await ask(masterApi.savePerson, {
      id,
      name: name.trim(),
      role,
      language,
      isActive,
      storeIds: (where === 'all' ? null : storeIds) as never,
      seenAtMs: person?.changedAtMs ?? 0,
    });
    if (!answer.ok) return setTold(errorText(answer.error, say));
    if (!answer.value.ok) return setTold(say('changedMeanwhile'));
    setTold('');
    props.onSaved(id);
  };
  return (
    <section className="ho-card ho-side" aria-label={say(person === null ? 'newPerson' : 'keyEdit')}>
      <form
        className="ho-form"
        data-testid="person-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>{person === null ? say('newPerson') : person.name}</h2>
        <OfficeField label={say('personName')} value={name} onText={setName} maxLength={120} testId="person-name" />
        <Choose
          label={say('personRole')}
          value={role}
          onChoose={setRole}
          testId="person-role"
          options={roles.map((value) => ({
            value,
            text: say(value === 'cashier' ? 'pCashier' : value === 'supervisor' ? 'pSupervisor' : 'pOwner'),
          }))}
        />
        <Choose
          label={say('personLanguage')}
          value={language}
          onChoose={setLanguage}
          options={[
            { value: 'hi', text: say('langHi') },
            { value: 'en', text: say('langEn') },
          ]}
        />
        <Choose
          label={say('personWhere')}
          value={where}
          onChoose={setWhere}
          testId="person-where"
          options={[
            { value: 'all', text: say('everyStore') },
            { value: 'some', text: say('chosenStores') },
          ]}
        />
        {where === 'all' ? null : (
          <fieldset className="ho-ticks">
            <legend className="bm-hidden">{say('chosenStores')}</legend>
            {(org?.regions ?? []).flatMap((region) =>
              region.stores.map((store) => (
                <label key={store.storeId}>
                  <input
                    type="checkbox"
                    checked={storeIds.includes(store.storeId)}
                    onChange={(event) =>
                      setStoreIds(
                        event.currentTarget.checked
                          ? [...storeIds, store.storeId]
                          : storeIds.filter((other) => other !== store.storeId),
                      )
                    }
                  />
                  {store.name}
                </label>
              )),
            )}
          </fieldset>
        )}
        {person === null ? null : (
          <Choose
            label={say('colState')}
            value={isActive ? 'active' : 'left'}
            onChoose={(value) => setActive(value === 'active')}
            testId="person-state"
            options={[
              { value: 'active', text: say('personActive') },
              { value: 'left', text: say('personLeft') },
            ]}
          />
        )}
        <small className="ho-quiet">{say('pinNote')}</small>
        <span>
          <OfficeButton look="main" cap="Enter" isSubmit isDisabled={name.trim() === ''} testId="save-person">
            {say('save')}
          </OfficeButton>
        </span>
        <small className={told === '' ? 'ho-quiet' : 'bm-field-error'} role="status" data-testid="person-told">
          {told !== '' ? told : props.isSaved ? say('saved') : ''}
        </small>
      </form>
    </section>
  );
}
