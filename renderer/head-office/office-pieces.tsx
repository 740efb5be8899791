/**
 * Small pieces that head office's pages share: key caps, buttons, fields, chips, dialogs. Rule kept: a control shows
 * its words (and its key, where it has one); a dialog takes the focus, gives it back, and Esc leaves all as it was.
 */
import { Kbd, UnstyledButton } from '@mantine/core';
import { type InputHTMLAttributes, type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon, type IconName } from '../parts/icons.tsx';

export const KeyCap = ({ children }: { readonly children: string }) => <Kbd className="bm-cap">{children}</Kbd>;

export function OfficeButton(props: {
  readonly children: ReactNode;
  readonly onPress?: (() => void) | undefined;
  readonly look?: 'main' | 'plain' | 'quiet';
  readonly icon?: IconName;
  readonly cap?: string;
  readonly isDisabled?: boolean;
  readonly isSubmit?: boolean;
  readonly testId?: string;
}) {
  return (
    <UnstyledButton
      type={props.isSubmit === true ? 'submit' : 'button'}
      className={`bm-button bm-button-${props.look ?? 'plain'}`}
      disabled={props.isDisabled === true}
      onClick={props.onPress}
      data-testid={props.testId}
    >
      {props.icon === undefined ? null : <Icon name={props.icon} size={18} />}
      <span>{props.children}</span>
      {props.cap === undefined ? null : <KeyCap>{props.cap}</KeyCap>}
    </UnstyledButton>
  );
}

type FieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  readonly isFirst?: boolean;
  readonly testId?: string;
} & Pick<InputHTMLAttributes<HTMLInputElement>, 'type' | 'autoComplete' | 'inputMode' | 'maxLength' | 'placeholder'>;

export function OfficeField({ label, value, onText, error, hint, isFirst, testId, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="bm-field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        className="bm-input"
        value={value}
        autoFocus={isFirst === true}
        data-testid={testId}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <div id={`${id}-hint`} className={error === undefined ? 'bm-field-hint' : 'bm-field-error'}>
        {error ?? hint}
      </div>
    </div>
  );
}

/** The keys of a list, below it. `enter`: what Enter does with the row; null when this person may not. */
export function ListKeys({
  row,
  enter,
  find,
}: {
  readonly row: string;
  readonly enter: string | null;
  /** null: there is nothing to search. */
  readonly find: string | null;
}) {
  return (
    <div className="ho-keys">
      <span className="ho-push">
        <KeyCap>↑</KeyCap>
        <KeyCap>↓</KeyCap>
        {row}
        {enter === null ? null : (
          <>
            <KeyCap>Enter</KeyCap>
            {enter}
          </>
        )}
        {find === null ? null : (
          <>
            <KeyCap>/</KeyCap>
            {find}
          </>
        )}
      </span>
    </div>
  );
}

export type ChipLook = 'good' | 'warn' | 'bad' | 'quiet';
export const Chip = (props: { readonly look: ChipLook; readonly icon?: IconName; readonly children: ReactNode }) => (
  <span className={`ho-chip ho-chip-${props.look}`}>
    {props.icon === undefined ? null : <Icon name={props.icon} size={15} />}
    {props.children}
  </span>
);

/** A question over the page. */
export function OfficeDialog(props: {
  readonly title: string;
  readonly name: string;
  readonly onBack: () => void;
  readonly children: ReactNode;
  readonly footer: ReactNode;
}) {
  const titleId = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className="bm-dialog bm-dialog-small ho-dialog"
      aria-labelledby={titleId}
      data-testid={`dialog-${props.name}`}
      onCancel={(event) => {
        event.preventDefault();
        props.onBack();
      }}
    >
      <div className="bm-dialog-body">
        <h2 id={titleId} className="bm-dialog-title">
          {props.title}
        </h2>
        {props.children}
      </div>
      <div className="bm-dialog-footer">{props.footer}</div>
    </dialog>
  );
}

/** One line over a page about what went wrong; what is safe stands first in it. */
export const OfficeTrouble = ({ children }: { readonly children: string }) => (
  <div className="ho-trouble" role="alert">
    <Icon name="alert" size={18} />
    {children}
  </div>
);

/** A page's head: what it is, how it stands, what can be done. */
export const PageHead = (props: { readonly title: string; readonly note: string; readonly children?: ReactNode }) => (
  <header className="ho-head">
    <h1>{props.title}</h1>
    <span className="ho-note">{props.note}</span>
    <span className="ho-push">{props.children}</span>
  </header>
);
