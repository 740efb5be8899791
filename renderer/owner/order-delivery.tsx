/**
 * When goods of a supplier or a category come: days of notice, and the days of the week on which it comes. Rule kept: an
 * empty form is "as for the whole shop"; nothing is ordered or sent from here.
 */
import { useState } from 'react';
import type { OrderDelivery, OrderGroup, OrderRules } from '#contract/till-forecast.ts';
import { errorText } from '../counter/till-calls.ts';
import type { Answer } from '../link/till-link.ts';
import { Dialog, Field } from '../parts/pieces.tsx';
import { Checkbox } from '../setup/checkbox.tsx';
import { useWords } from '../words/words.ts';
import { dayOfWeek } from './figures.ts';
import { FormFoot } from './form-foot.tsx';

/** A shop's week begins on Monday. */
const week = [1, 2, 3, 4, 5, 6, 0] as const;
const mostDays = 60;

export function DeliveryForm(props: {
  readonly group: Pick<OrderGroup, 'delivery'> & { readonly name: string };
  readonly rules: OrderRules;
  readonly onClose: () => void;
  readonly onSave: (delivery: OrderDelivery | null) => Promise<Answer<OrderRules>>;
}) {
  const { say, language } = useWords();
  const { name, delivery } = props.group;
  const [days, setDays] = useState(delivery === null ? '' : String(delivery.leadDays));
  const [on, setOn] = useState<readonly number[]>(delivery?.weekdays ?? []);
  const [error, setError] = useState('');
  const accept = (): void => {
    const text = days.trim();
    const isSaid = text !== '' || on.length > 0;
    const leadDays = text === '' ? props.rules.leadDays : /^\d{1,3}$/.test(text) ? Number(text) : -1;
    if (leadDays < 0 || leadDays > mostDays) return setError(say('olDaysBad', { from: 0, to: mostDays }));
    void props.onSave(isSaid ? { leadDays, weekdays: on } : null).then((answer) => {
      if (answer.ok) props.onClose();
      else setError(errorText(answer.error));
    });
  };
  return (
    <Dialog
      title={say('olDelivery', { name })}
      help={say('olDeliveryHelp')}
      keys={{ name: 'orderDelivery', back: props.onClose, accept }}
      footer={
        <FormFoot word="olKeep" cap="Ctrl A" onAccept={accept} onBack={props.onClose} testId="order-delivery-save" />
      }
    >
      <Field
        label={say('olLead')}
        hint={say('olDeliveryHint', { count: props.rules.leadDays })}
        value={days}
        onText={(text) => {
          setDays(text);
          setError('');
        }}
        error={error}
        isDefault
        isNumber
        maxLength={3}
        testId="order-delivery-days"
      />
      <fieldset className="ol-weekdays">
        <legend>{say('olComesOnDays')}</legend>
        {week.map((day) => (
          <Checkbox
            key={day}
            label={dayOfWeek(day, language)}
            isChecked={on.includes(day)}
            onCheck={(isOn) => setOn((now) => (isOn ? [...now, day] : now.filter((one) => one !== day)))}
          />
        ))}
      </fieldset>
      <p className="bm-field-hint">{say('olComesOnHint')}</p>
    </Dialog>
  );
}
