/**
 * The frame of every page: the rail at the left, the page at the right. Rule kept: the rail's order is fixed; a number on
 * it is what waits for a person; only pages that are there stand on it.
 */
import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useCallback } from 'react';
import { Icon, type IconName } from '../parts/icons.tsx';
import { type OfficeWord, setOfficeLanguage, useOffice } from './office-words.ts';
import { addressOf, type OfficePage } from './route.ts';

type Entry = { readonly page: OfficePage; readonly word: OfficeWord; readonly icon: IconName };
const entries: readonly Entry[] = [
  { page: 'home', word: 'navHome', icon: 'home' },
  { page: 'stores', word: 'navStores', icon: 'stores' },
  { page: 'catalogue', word: 'navCatalogue', icon: 'catalogue' },
  { page: 'publish', word: 'navPublish', icon: 'tag' },
  { page: 'transfers', word: 'navTransfers', icon: 'upload' },
  { page: 'proposals', word: 'navProposals', icon: 'look' },
  { page: 'sync', word: 'navSync', icon: 'sync' },
  { page: 'models', word: 'navModels', icon: 'chart' },
  { page: 'people', word: 'navPeople', icon: 'person' },
  { page: 'rules', word: 'navRules', icon: 'checkRound' },
  { page: 'rates', word: 'navRates', icon: 'receipt' },
  { page: 'access', word: 'navAccess', icon: 'lock' },
  { page: 'account', word: 'navAccount', icon: 'person' },
];

export function Frame(props: {
  readonly page: OfficePage;
  /** Not for this role. */
  readonly hidden: readonly OfficePage[];
  readonly waiting: Readonly<Partial<Record<OfficePage, number>>>;
  readonly organisation: string;
  readonly person: string;
  readonly role: string;
  readonly size: string | null;
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}) {
  const { say, language } = useOffice();
  // A page that was just opened hears the keys, not the rail's link.
  const takeFocus = useCallback((page: HTMLElement | null) => page?.focus(), []);
  return (
    <div className="ho-frame">
      <nav className="bm-rail" aria-label={say('railLabel')}>
        <div className="bm-rail-brand">
          <Icon name="receipt" size={22} />
          {say('brand')}
        </div>
        {entries
          .filter(({ page }) => !props.hidden.includes(page))
          .map(({ page, word, icon }) => {
            const count = props.waiting[page] ?? 0;
            return (
              <a
                key={page}
                href={addressOf(page)}
                className="bm-rail-page"
                aria-current={props.page === page ? 'page' : undefined}
                data-testid={`nav-${page}`}
              >
                <Icon name={icon} />
                {say(word)}
                {count === 0 ? null : (
                  <span className="bm-rail-count" title={say(page === 'transfers' ? 'openOf' : 'waiting', { count })}>
                    {count}
                  </span>
                )}
              </a>
            );
          })}
        <footer className="bm-rail-foot">
          <p className="bm-rail-who">
            <b>{props.organisation}</b>
            {props.size === null ? null : <span>{props.size}</span>}
            <span>{props.person}</span>
            <span>{props.role}</span>
          </p>
          <span className="bm-rail-acts">
            <UnstyledButton
              className="bm-rail-button"
              lang={language === 'en' ? 'hi' : 'en'}
              onClick={() => setOfficeLanguage(language === 'en' ? 'hi' : 'en')}
              data-testid="language"
            >
              {say('otherLanguage')}
            </UnstyledButton>
            <UnstyledButton className="bm-rail-button" onClick={props.onSignOut} data-testid="sign-out">
              {say('signOut')}
            </UnstyledButton>
          </span>
        </footer>
      </nav>
      <main key={props.page} ref={takeFocus} tabIndex={-1} className="ho-page" data-testid={`page-${props.page}`}>
        {props.children}
      </main>
    </div>
  );
}
