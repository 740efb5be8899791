/**
 * The customer's screen (screens.md §5.13): the last lines left, the amount right, the UPI code while paying, then
 * change and thanks; the shop's name and the time when idle. Rule kept: it draws what it was told in both
 * languages, takes no key and no click but the one for full screen, and reckons nothing.
 */
import { memo, useEffect, useState } from 'react';
import type { CustomerLine, CustomerView } from '#contract/till-customer.ts';
import type { Language } from '#contract/views.ts';
import { formatPaise, formatRupees, type Paise } from '#core/money.ts';
import { Icon } from '../parts/icons.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { useStore } from '../state/store.ts';
import { clockTime, fullDay, qtyText } from '../words/formats.ts';
import { sayIn, type Word, type WordValues } from '../words/words.ts';
import { customerStore } from './customer-view.ts';

const otherLanguage = (language: Language): Language => (language === 'en' ? 'hi' : 'en');

/** The shop's own language first, the other one smaller beside or under it. */
function Both(props: { readonly first: Language; readonly word: Word; readonly values?: WordValues }) {
  const second = otherLanguage(props.first);
  return (
    <>
      <span lang={props.first}>{sayIn(props.first)(props.word, props.values)}</span>{' '}
      <small lang={second}>{sayIn(second)(props.word, props.values)}</small>
    </>
  );
}

/** Long sums are set smaller, so that they always stand whole: the class says how many characters there are. */
function Sum({ amount, className }: { readonly amount: Paise; readonly className: string }) {
  const text = formatRupees(amount);
  return (
    <b className={className} data-length={Math.min(16, text.length)} data-testid="customer-amount">
      {text}
    </b>
  );
}

const Line = memo(function Line(props: {
  readonly line: CustomerLine;
  readonly isNewest: boolean;
  readonly language: Language;
}) {
  const { line, isNewest, language } = props;
  const className = isNewest ? 'bc-line bc-line-newest' : 'bc-line';
  if (line.kind === 'moment') {
    return (
      <li className={className} data-testid="customer-moment">
        <span className="bc-names bc-moment">
          <Both first={language} word="csMoment" />
        </span>
      </li>
    );
  }
  const [first, second] = language === 'hi' && line.nameHi ? [line.nameHi, line.name] : [line.name, line.nameHi];
  return (
    <li className={className} data-testid="customer-line">
      <span className="bc-names">
        <span>{first}</span>
        <small>{second}</small>
      </span>
      <span className="bc-rate">
        {qtyText(line.qtyMilli, line.unit, sayIn(language))} × {formatPaise(line.ratePaise)}
      </span>
      <b className="bc-amount">{formatPaise(line.amountPaise)}</b>
    </li>
  );
});

function Shop({ shop, language }: Pick<CustomerView, 'shop' | 'language'>) {
  const [first, second] = language === 'hi' && shop.nameHi ? [shop.nameHi, shop.name] : [shop.name, shop.nameHi];
  return (
    <header className="bc-shop">
      <span className="bc-mark">
        <Icon name="receipt" />
      </span>
      <h1>{first}</h1>
      <small>{second}</small>
    </header>
  );
}

function Foot({ view }: { readonly view: CustomerView }) {
  const say = sayIn(view.language);
  const inAll =
    view.gstPaise === 0
      ? say('csInAll', { count: view.itemsInAll })
      : say('csInAllGst', { count: view.itemsInAll, gst: formatPaise(view.gstPaise) });
  return (
    <footer className="bc-foot" data-testid="customer-foot">
      {view.itemsAbove > 0 ? `${say('csAbove', { count: view.itemsAbove })} ` : ''}
      {inAll}
    </footer>
  );
}

function Bill({ view }: { readonly view: CustomerView }) {
  return (
    <>
      <Shop shop={view.shop} language={view.language} />
      <ol className="bc-lines">
        {view.lines.map((line) => (
          <Line key={line.id} line={line} isNewest={line.id === view.newestId} language={view.language} />
        ))}
      </ol>
      <Foot view={view} />
    </>
  );
}

function Upi({ upi, language }: { readonly upi: NonNullable<CustomerView['upi']>; readonly language: Language }) {
  const amount = formatPaise(upi.amountPaise);
  return (
    <div className="bc-upi" data-testid="customer-upi">
      <QrCode text={upi.link} label={sayIn(language)('csUpiQr', { amount })} size={330} />
      <div className="bc-upi-foot">
        <span className="bc-scan">
          <Both first={language} word="csScanUpi" />
        </span>
        <b data-length={Math.min(16, amount.length + 1)}>{formatRupees(upi.amountPaise)}</b>
      </div>
    </div>
  );
}

function ToPay({ view }: { readonly view: CustomerView }) {
  const { language } = view;
  const received = view.cashReceivedPaise > 0;
  return (
    <>
      <div className="bc-title">
        <Both first={language} word="csToPay" />
      </div>
      <Sum amount={view.payablePaise} className="bc-sum" />
      {view.savedPaise > 0 ? (
        <div className="bc-saved" data-testid="customer-saved">
          <Both first={language} word="csSaved" values={{ amount: formatPaise(view.savedPaise) }} />
        </div>
      ) : null}
      {view.upi === null ? null : <Upi upi={view.upi} language={language} />}
      {received ? (
        <div className="bc-tender" data-testid="customer-cash">
          <Both first={language} word="csCashReceived" values={{ amount: formatPaise(view.cashReceivedPaise) }} />
        </div>
      ) : null}
      {received && view.upi === null && view.stillToCollectPaise > 0 ? (
        <div className="bc-tender bc-still">
          <Both first={language} word="csStill" values={{ amount: formatPaise(view.stillToCollectPaise) }} />
        </div>
      ) : null}
    </>
  );
}

function Paid({ view }: { readonly view: CustomerView }) {
  const { language } = view;
  const hasChange = view.changePaise > 0;
  return (
    <>
      <div className="bc-title">
        <Both first={language} word={hasChange ? 'csChange' : view.isMoneyAwaited ? 'csTotal' : 'csPaid'} />
      </div>
      <Sum
        amount={hasChange ? view.changePaise : view.payablePaise}
        className={hasChange ? 'bc-sum bc-sum-change' : view.isMoneyAwaited ? 'bc-sum' : 'bc-sum bc-sum-paid'}
      />
      {hasChange ? (
        <div className="bc-saved">
          <Both first={language} word="csPaidSum" values={{ amount: formatPaise(view.payablePaise) }} />
        </div>
      ) : null}
    </>
  );
}

/** The moment, told anew when the minute turns. */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), 60_000 - (now % 60_000) + 50);
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}

function Clock({ language }: { readonly language: Language }) {
  const now = useMinute();
  const other = otherLanguage(language);
  return (
    <div className="bc-clock">
      <b>{clockTime(now, language)}</b>
      <span lang={language}>{fullDay(now, language)}</span>
      <small lang={other}>{fullDay(now, other)}</small>
    </div>
  );
}

function Greeting(props: { readonly title: string; readonly second: string | null }) {
  return (
    <div className="bc-greeting">
      <span className="bc-mark bc-mark-large">
        <Icon name="receipt" />
      </span>
      <h1 className="bc-big">{props.title}</h1>
      {props.second === null ? null : <p className="bc-second">{props.second}</p>}
    </div>
  );
}

function Left({ view, ground }: { readonly view: CustomerView | null; readonly ground: Ground }) {
  const { language, shop } = ground;
  const second = otherLanguage(language);
  if (view?.phase === 'paid') {
    return (
      <>
        <Shop shop={shop} language={language} />
        <div className="bc-greeting">
          <p className="bc-big" lang={language}>
            {sayIn(language)('csThanks')}
          </p>
          <p className="bc-second" lang={second}>
            {sayIn(second)('csThanks')}
          </p>
          <p className="bc-again">
            <Both first={language} word="csComeAgain" />
          </p>
        </div>
      </>
    );
  }
  if (view !== null && view.phase !== 'idle') return <Bill view={view} />;
  const [name, otherName] = language === 'hi' && shop.nameHi ? [shop.nameHi, shop.name] : [shop.name, shop.nameHi];
  return (
    <>
      <Greeting title={name} second={otherName} />
      <footer className="bc-foot">
        <Both first={language} word="csWelcome" />
      </footer>
    </>
  );
}

type Ground = Pick<CustomerView, 'shop' | 'language'>;

/** A moved mouse asks for full screen: only a click may grant it. */
function useAsksForMore(): boolean {
  const [asks, setAsks] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const moved = (): void => {
      clearTimeout(timer);
      setAsks(document.fullscreenElement === null && window.billmitra === undefined);
      timer = setTimeout(() => setAsks(false), 4_000);
    };
    const clicked = (): void => {
      setAsks(false);
      if (document.fullscreenElement === null && window.billmitra === undefined) {
        // A browser that allows no full screen leaves the window as it is.
        document.documentElement.requestFullscreen().catch((error: unknown) => console.info('no full screen', error));
      }
    };
    window.addEventListener('mousemove', moved);
    window.addEventListener('click', clicked);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('mousemove', moved);
      window.removeEventListener('click', clicked);
    };
  }, []);
  return asks;
}

export function CustomerScreen() {
  const { view, ground } = useStore(customerStore, (shown) => shown);
  const asks = useAsksForMore();
  const phase = view?.phase ?? 'idle';
  const { language } = ground;
  return (
    <main className={`bc-frame bc-${phase}`} lang={language} data-testid="customer-screen" data-phase={phase}>
      <section className="bc-left">
        <Left view={view} ground={ground} />
      </section>
      <section className="bc-panel" aria-live="polite">
        {view === null || phase === 'idle' ? (
          <Clock language={language} />
        ) : phase === 'paid' ? (
          <Paid view={view} />
        ) : (
          <ToPay view={view} />
        )}
      </section>
      {asks ? (
        <div className="bc-asks">
          <Both first={language} word="csBigger" />
        </div>
      ) : null}
    </main>
  );
}
