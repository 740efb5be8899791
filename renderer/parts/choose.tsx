/** A choice from few, for the till's screens and head office's. Rule kept: it has a label; it decides nothing. */
import { useId } from 'react';

/** A choice from few, by arrow keys or mouse. */
export function Choose<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly onChoose: (value: T) => void;
  readonly testId?: string | undefined;
}) {
  const id = useId();
  return (
    <div className="bm-field">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="bm-input"
        value={props.value}
        data-testid={props.testId}
        onChange={(event) => props.onChoose(event.currentTarget.value as T)}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
