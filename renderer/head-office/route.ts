/**
 * Which page is open: the part of the address after #. Rule kept: the browser's back and forward work, and an address
 * that names nothing opens Home.
 */
import { useSyncExternalStore } from 'react';

const pages = [
  'home',
  'stores',
  'catalogue',
  'publish',
  'transfers',
  'proposals',
  'people',
  'rules',
  'rates',
  'sync',
  'models',
  'access',
  'account',
] as const;
export type OfficePage = (typeof pages)[number];
export type Route = { readonly page: OfficePage /** What is chosen on it. */; readonly id: string | null };

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};
const readHash = (): string => window.location.hash;

export function useRoute(): Route {
  const [name, id] = useSyncExternalStore(subscribe, readHash).replace(/^#\/?/, '').split('/');
  return { page: pages.find((page) => page === name) ?? 'home', id: id ?? null };
}

export const addressOf = (page: OfficePage, id?: string): string =>
  id === undefined ? `#/${page}` : `#/${page}/${id}`;
export const goTo = (page: OfficePage, id?: string): void => {
  window.location.hash = addressOf(page, id);
};

/** The code of a set-up link (`#/setup/CODE`); null on every other address. */
export function useInvite(): string | null {
  const [name, code] = useSyncExternalStore(subscribe, readHash).replace(/^#\/?/, '').split('/');
  return name === 'setup' && code !== undefined && code !== '' ? code : null;
}
