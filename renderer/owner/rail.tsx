/**
 * The desk's rail: the pages in their fixed order, the way back to the counter, shop and person. Rule kept: only what is
 * there stands on it; a number is what waits for a person.
 */
import { UnstyledButton } from '@mantine/core';
import { Cap } from '../parts/pieces.tsx';
import { Icon, type IconName } from '../parts/icons.tsx';
import { openFrom } from '../counter/ui-store.ts';
import { sessionStore, switchLanguage } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { countText } from './figures.ts';
import { useWords, type Word } from '../words/words.ts';
import { type DeskPage, showPage, toCounter, useDesk } from './desk-store.ts';

type Entry = {
  readonly word: Word;
  readonly icon: IconName;
  readonly pages: readonly DeskPage['is'][];
  readonly open: () => void;
};
const entries: readonly Entry[] = [
  { word: 'owBills', icon: 'receipt', pages: [], open: () => openFrom('owner', 'bills') },
  { word: 'owOrder', icon: 'truck', pages: ['order'], open: () => showPage({ is: 'order' }) },
  {
    word: 'owForecasts',
    icon: 'chart',
    pages: ['forecasts', 'item', 'group', 'accuracy', 'model'],
    open: () => showPage({ is: 'forecasts' }),
  },
  { word: 'owTransfers', icon: 'upload', pages: [], open: () => openFrom('owner', 'transfers') },
  { word: 'owLabels', icon: 'tag', pages: [], open: () => openFrom('owner', 'labels') },
  { word: 'owImport', icon: 'catalogue', pages: [], open: () => openFrom('owner', 'import') },
  { word: 'owDevices', icon: 'plug', pages: [], open: () => openFrom('owner', 'devices') },
  { word: 'owKeys', icon: 'keyboard', pages: [], open: () => openFrom('owner', 'keys') },
];

/** The page's keys are heard at once, the page that stood already included; Enter is its own, not the button's. */
const toPage = (): void => document.querySelector<HTMLElement>('.ow-page')?.focus();

export function Rail({ page }: { readonly page: DeskPage['is'] }) {
  const { say, language } = useWords();
  const { shop, staff } = useStore(sessionStore, (session) => ({ shop: session.shop, staff: session.staff }));
  const toOrder = useDesk((desk) => desk.toOrder);
  return (
    <nav className="bm-rail" aria-label={say('owRail')}>
      <div className="bm-rail-brand">
        <Icon name="receipt" size={22} />
        BillMitra
      </div>
      {entries.map((entry) => (
        <UnstyledButton
          key={entry.word}
          className="bm-rail-page"
          aria-current={entry.pages.includes(page) ? 'page' : undefined}
          onClick={() => {
            entry.open();
            toPage();
          }}
          data-testid={`desk-${entry.word}`}
        >
          <Icon name={entry.icon} />
          {say(entry.word)}
          {entry.word === 'owOrder' && toOrder !== null && toOrder > 0 ? (
            <span className="bm-rail-count" title={say('owWaiting', { count: toOrder })}>
              {countText(toOrder)}
            </span>
          ) : null}
        </UnstyledButton>
      ))}
      <div className="bm-rail-foot">
        <UnstyledButton className="bm-rail-counter" onClick={toCounter} data-testid="desk-counter">
          <Icon name="scan" />
          {say('owCounter')}
          <span className="bm-push">
            <Cap>F12</Cap>
          </span>
        </UnstyledButton>
        <p className="bm-rail-who">
          <span>{shop?.name}</span>
          <span>
            {staff?.name}, {say('owOwner')}
          </span>
        </p>
        <UnstyledButton
          className="bm-rail-button"
          lang={language === 'en' ? 'hi' : 'en'}
          onClick={() => {
            void switchLanguage();
            toPage();
          }}
          data-testid="desk-language"
        >
          {language === 'en' ? 'हिंदी' : 'English'}
        </UnstyledButton>
      </div>
    </nav>
  );
}
