/**
 * Small pieces that every screen uses: key caps, buttons with their key, dialogs, labelled fields. Rule kept:
 * a control always shows its key and its words; a dialog hears keys through its form, not by itself.
 */
import { Kbd, UnstyledButton } from '@mantine/core';
import { type InputHTMLAttributes, type ReactNode, useEffect, useId, useRef } from 'react';
import { capFor } from '../keys/chords.ts';
import { type FormKeys, useForm } from '../keys/form-stack.ts';
import { keysStore } from '../keys/keys-in-force.ts';
import { useStore } from '../state/store.ts';

/** A key cap. `children` names the command by its usual key ("F9"); drawn is the key of the map in force. */
export function Cap({ children, isLarge = false }: { readonly children: ReactNode; readonly isLarge?: boolean }) {
  const choice = useStore(keysStore, (inForce) => inForce.choice);
  const cap = typeof children === 'string' ? capFor(children, choice) : children;
  return <Kbd className={isLarge ? 'bm-cap bm-cap-large' : 'bm-cap'}>{cap}</Kbd>;
}

/** A cap that says what it is given: a key as such, not a command's. */
export const PlainCap = ({ children }: { readonly children: string }) => (
  <Kbd className="bm-cap bm-cap-large">{children}</Kbd>
);

type ActionButtonProps = {
  readonly children: ReactNode;
  readonly cap?: string | undefined;
  readonly look?: 'main' | 'plain' | 'quiet' | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly onPress: () => void;
  readonly testId?: string | undefined;
};

export function ActionButton({ children, cap, look = 'plain', isDisabled, onPress, testId }: ActionButtonProps) {
  return (
    <UnstyledButton
      className={`bm-button bm-button-${look}`}
      disabled={isDisabled === true}
      onClick={onPress}
      data-testid={testId}
    >
      <span>{children}</span>
      {cap === undefined ? null : <Cap>{cap}</Cap>}
    </UnstyledButton>
  );
}

type DialogProps = {
  readonly title: string;
  readonly help?: ReactNode;
  readonly keys: FormKeys;
  readonly size?: 'small' | 'medium' | 'large' | 'side';
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
};

/** A question over the counter. It never closes by a scan and never blocks one. */
export function Dialog({ title, help, keys, size = 'medium', children, footer }: DialogProps) {
  useForm(keys);
  const titleId = useId();
  const box = useRef<HTMLDivElement>(null);
  // The caret leaves the scan field, so that digits answer the question.
  useEffect(() => {
    if (box.current?.contains(document.activeElement) === false) box.current.focus();
  }, []);
  return (
    <div className={`bm-shade bm-shade-${size}`}>
      <div
        ref={box}
        tabIndex={-1}
        className={`bm-dialog bm-dialog-${size}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        data-form={keys.name}
        data-testid={`dialog-${keys.name}`}
      >
        <div className="bm-dialog-body">
          <h2 id={titleId} className="bm-dialog-title">
            {title}
          </h2>
          {help === undefined ? null : <div className="bm-dialog-help">{help}</div>}
          {children}
        </div>
        {footer === undefined ? null : <div className="bm-dialog-footer">{footer}</div>}
      </div>
    </div>
  );
}

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly isDefault?: boolean | undefined;
  readonly isNumber?: boolean | undefined;
  readonly testId?: string | undefined;
} & Pick<InputHTMLAttributes<HTMLInputElement>, 'type' | 'maxLength' | 'autoComplete' | 'placeholder'>;

export function Field(props: FieldProps) {
  const { label, value, onText, error, hint, isDefault, isNumber, testId, ...rest } = props;
  const id = useId();
  return (
    <div className="bm-field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        className={`bm-input${isNumber === true ? ' bm-number' : ''}`}
        value={value}
        autoComplete="off"
        // Opens with the caret in it: the form was asked for by a key.
        autoFocus={isDefault === true}
        data-default-field={isDefault === true ? '' : undefined}
        data-testid={testId}
        inputMode={isNumber === true ? 'decimal' : undefined}
        aria-invalid={error !== undefined && error !== ''}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <div id={`${id}-hint`} className={error ? 'bm-field-error' : 'bm-field-hint'} role={error ? 'alert' : undefined}>
        {error || hint}
      </div>
    </div>
  );
}

/** A row of numbered answers: digits pick, so does the mouse. */
export function Numbered(props: {
  readonly options: readonly string[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
  readonly label: string;
}) {
  return (
    <div className="bm-numbered" role="radiogroup" aria-label={props.label}>
      {props.options.map((text, i) => (
        <UnstyledButton
          key={text}
          role="radio"
          aria-checked={props.chosen === i}
          className="bm-numbered-one"
          onClick={() => props.onChoose(i)}
        >
          <Cap>{i + 1}</Cap>
          {text}
        </UnstyledButton>
      ))}
    </div>
  );
}
