/**
 * Setting up a shop in short pages (screens.md §5.20): language, shop and GSTIN, series, owner's PIN with the
 * recovery code, printer, items, first bill. Rule kept: what can be skipped can be; what was typed is read
 * back in words before it counts.
 */
import { useEffect, useState } from 'react';
import { useForm } from '../keys/form-stack.ts';
import { walkToNextField } from '../keys/field.ts';
import { goTo } from '../counter/ui-store.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Cap } from '../parts/pieces.tsx';
import { PrinterForm } from '../settings/printer-form.tsx';
import { refreshShop, sessionStore, signIn } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { languageNow, setLanguage, useWords, type Word } from '../words/words.ts';
import { ItemsPage } from './items-page.tsx';
import { OwnerPage, RecoveryCode } from './owner-page.tsx';
import { emptyShop, type ShopDraft, ShopPage, SeriesPage } from './shop-pages.tsx';
import { ImportScreen } from '../import/import-screen.tsx';

const pages = [
  'suLanguage',
  'suShop',
  'suSeries',
  'suOwner',
  'suPrinter',
  'suItems',
  'suFirst',
] as const satisfies readonly Word[];

type SetupProps = { readonly onBegin: () => void; readonly onRestore: () => void };

export function SetupScreen({ onBegin, onRestore }: SetupProps) {
  const { say, language } = useWords();
  const [at, setAt] = useState(0);
  const [shop, setShop] = useState<ShopDraft>(emptyShop);
  const [owner, setOwner] = useState({ name: '', pin: '', again: '' });
  const [recovery, setRecovery] = useState<string | null>(null);
  const [error, setError] = useState('');
  const [isImporting, setIsImporting] = useState(false);
  const staff = useStore(sessionStore, (session) => session.staff);
  const page = pages[at] ?? 'suFirst';
  const go = (by: number): void => {
    setError('');
    setAt((now) => Math.max(0, Math.min(pages.length - 1, now + by)));
  };
  const saveShop = async (): Promise<boolean> => {
    const answer = await ask((till) =>
      till.shop.save({
        name: shop.name.trim() === '' ? say('shopName') : shop.name.trim(),
        nameHi: shop.nameHi.trim() === '' ? null : shop.nameHi.trim(),
        address: shop.address,
        phone: shop.phone,
        stateCode: shop.gstin.trim() === '' ? shop.stateCode : shop.gstin.trim().slice(0, 2),
        gstin: shop.gstin.trim() === '' ? null : shop.gstin.trim().toUpperCase(),
        isComposition: shop.isComposition,
        fssai: null,
        upiAddress: shop.upiAddress.trim() === '' ? null : shop.upiAddress.trim(),
        series: shop.series,
        receiptLanguage: languageNow(),
        roundStepPaise: shop.roundStep,
      }),
    );
    if (!answer.ok) setError(errorText(answer.error));
    return answer.ok;
  };
  const saveOwner = async (): Promise<boolean> => {
    if (owner.pin !== owner.again) {
      setError(say('pinsDiffer'));
      return false;
    }
    const name = owner.name.trim() === '' ? say('roleOwner') : owner.name.trim();
    const answer = await ask((till) => till.shop.saveOwner({ name, pin: owner.pin, language: languageNow() }));
    if (!answer.ok) {
      setError(errorText(answer.error));
      return false;
    }
    setRecovery(answer.value.recoveryCode);
    await signIn(null, owner.pin);
    return true;
  };
  const finish = async (): Promise<void> => {
    const answer = await ask((till) => till.shop.finishSetUp());
    if (!answer.ok) return setError(errorText(answer.error));
    goTo('counter');
    await refreshShop();
  };
  const next = async (): Promise<void> => {
    setError('');
    if (page === 'suShop' && !(await saveShop())) return;
    if (page === 'suSeries' && !(await saveShop())) return;
    if (page === 'suOwner' && recovery === null && staff === null) {
      await saveOwner();
      return;
    }
    if (page === 'suFirst') return finish();
    go(1);
  };
  useEffect(onBegin, [onBegin]);
  useForm({
    name: 'setup',
    back: () => go(-1),
    accept: () => void next(),
    enter: () => {
      if (!walkToNextField()) void next();
    },
    choose: (digit) => {
      if (page !== 'suLanguage' || digit > 3) return;
      if (digit === 3) return staff === null ? onRestore() : undefined;
      setLanguage(digit === 1 ? 'en' : 'hi');
    },
  });
  if (isImporting) return <ImportScreen onDone={() => setIsImporting(false)} />;
  return (
    <main className="bm-setup" data-form="setup" data-testid="setup">
      <nav className="bm-card bm-setup-steps" aria-label={say('setupTitle')}>
        <h1>{say('setupTitle')}</h1>
        {pages.map((word, i) => (
          <span
            key={word}
            className={i === at ? 'bm-setup-step bm-step-now' : 'bm-setup-step'}
            aria-current={i === at ? 'step' : undefined}
          >
            <Cap>{i + 1}</Cap> {say(word)}
          </span>
        ))}
        <small>{say('setupLater')}</small>
      </nav>
      <section className="bm-card bm-setup-page">
        <h2>{say(page)}</h2>
        {page === 'suLanguage' ? (
          <div className="bm-numbered">
            <button
              type="button"
              className={language === 'en' ? 'bm-way bm-way-chosen' : 'bm-way'}
              onClick={() => setLanguage('en')}
              lang="en"
            >
              <Cap isLarge>1</Cap> English
            </button>
            <button
              type="button"
              className={language === 'hi' ? 'bm-way bm-way-chosen' : 'bm-way'}
              onClick={() => setLanguage('hi')}
              lang="hi"
            >
              <Cap isLarge>2</Cap> हिंदी
            </button>
          </div>
        ) : page === 'suShop' ? (
          <ShopPage shop={shop} onShop={setShop} error={error} />
        ) : page === 'suSeries' ? (
          <SeriesPage shop={shop} onShop={setShop} error={error} />
        ) : page === 'suOwner' ? (
          staff !== null && recovery === null ? (
            <p className="bm-dialog-help">{staff.name}</p>
          ) : recovery === null ? (
            <OwnerPage owner={owner} onOwner={setOwner} error={error} />
          ) : (
            <RecoveryCode code={recovery} />
          )
        ) : page === 'suPrinter' ? (
          <PrinterForm />
        ) : page === 'suItems' ? (
          <ItemsPage onImport={() => setIsImporting(true)} onDone={() => go(1)} />
        ) : (
          <p className="bm-dialog-help">{say('firstBillHelp')}</p>
        )}
        {page === 'suFirst' ? (
          <div className="bm-field-error" role="alert">
            {error}
          </div>
        ) : null}
        <div className="bm-pane-actions bm-setup-actions">
          <ActionButton look="main" cap="Ctrl A" onPress={() => void next()} testId="setup-next">
            {say(page === 'suFirst' ? 'startBilling' : 'suNext')}
          </ActionButton>
          {page === 'suLanguage' && staff === null ? (
            <ActionButton cap="3" onPress={() => onRestore()} testId="setup-restore">
              {say('reStart')}
            </ActionButton>
          ) : null}
          {page === 'suPrinter' || page === 'suItems' ? (
            <ActionButton onPress={() => go(1)} testId="setup-skip">
              {say('suSkip')}
            </ActionButton>
          ) : null}
          {at === 0 || recovery !== null ? null : (
            <ActionButton look="quiet" cap="Esc" onPress={() => go(-1)}>
              {say('suBack')}
            </ActionButton>
          )}
        </div>
      </section>
    </main>
  );
}
