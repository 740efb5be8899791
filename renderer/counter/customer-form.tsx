/** The customer of this bill (F7): mobile, name, GSTIN, where the goods go. Rule kept: the till checks; a
 * refusal stands at its field. */
import { useState } from 'react';
import { Choose } from '../parts/choose.tsx';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { stateChoices } from '../words/states.ts';
import { useWords } from '../words/words.ts';
import { cartStore } from './cart-store.ts';
import { FormFoot } from './small-forms.tsx';
import { command, errorText } from './till-calls.ts';
import { closePanel } from './ui-store.ts';

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

export function CustomerForm() {
  const { say, language } = useWords();
  const before = cartStore.get().header?.customer ?? null;
  const [mobile, setMobile] = useState(before?.mobile ?? '');
  const [name, setName] = useState(before?.name ?? '');
  const [gstin, setGstin] = useState<string>(before?.gstin ?? '');
  const [address, setAddress] = useState(before?.address ?? '');
  const [place, setPlace] = useState(before?.placeOfSupply ?? '');
  const [error, setError] = useState<{ readonly at: string; readonly text: string }>({ at: '', text: '' });
  const send = async (isRemoved: boolean): Promise<void> => {
    const customer = isRemoved
      ? null
      : {
          mobile: orNull(mobile),
          name: orNull(name),
          gstin: orNull(gstin)?.toUpperCase() ?? null,
          address: orNull(address),
          placeOfSupply: orNull(place),
        };
    const answer = await command((till, key) => till.cart.setCustomer({ key, customer }), { isQuiet: true });
    if (answer.ok) return closePanel();
    setError({
      at: answer.error.type === 'CustomerInvalid' ? answer.error.field : 'mobile',
      text: errorText(answer.error),
    });
  };
  const errorAt = (field: string): string => (error.at === field ? error.text : '');
  return (
    <Dialog
      title={say('customerTitle')}
      keys={{ name: 'customer', back: closePanel, accept: () => void send(false) }}
      footer={
        <>
          <FormFoot onAccept={() => void send(false)} word={say('save')} />
          {before === null ? null : (
            <span className="bm-push">
              <ActionButton look="quiet" onPress={() => void send(true)}>
                {say('removeCustomer')}
              </ActionButton>
            </span>
          )}
        </>
      }
    >
      <div className="bm-two">
        <Field
          label={say('mobile')}
          value={mobile}
          onText={setMobile}
          isDefault
          maxLength={20}
          error={errorAt('mobile')}
          testId="c-mobile"
        />
        <Field
          label={say('name')}
          maxLength={120}
          value={name}
          onText={setName}
          error={errorAt('name')}
          testId="c-name"
        />
        <Field
          label={say('gstin')}
          maxLength={20}
          value={gstin}
          onText={setGstin}
          error={errorAt('gstin')}
          testId="c-gstin"
        />
        <Choose
          label={say('placeOfSupply')}
          value={place}
          options={[{ value: '', text: say('ownState') }, ...stateChoices(language)]}
          onChoose={setPlace}
        />
      </div>
      <Field
        label={say('address')}
        maxLength={300}
        value={address}
        onText={setAddress}
        error={errorAt('placeOfSupply')}
      />
    </Dialog>
  );
}
