/**
 * Asks head office's server, by the tables of contract/server.ts. Rule kept: a call answers its
 * output or an error as plain data; an access token that ran out is renewed once, by one tab at a time; no call is
 * retried by itself.
 */
import type { Uuid } from '#core/ids.ts';
import { type OfficeCall, type OfficeError, officeApi, officeHeader } from '#contract/server.ts';
import { makeStore } from '../state/store.ts';

/** Of the line or the server itself. */
type Unanswered = { readonly type: 'NoAnswer' } | { readonly type: 'Fault'; readonly incidentId: string };
export type Failure = OfficeError | Unanswered;
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

/** Counts up whenever a call says that nobody is signed in any more. */
export const signedOutStore = makeStore(0);

async function send<T>(method: 'GET' | 'POST', path: string, input: unknown): Promise<Answer<T>> {
  const headers = { [officeHeader]: '1', 'content-type': 'application/json' };
  const query = new URLSearchParams(Object.entries(input ?? {}).map(([key, value]) => [key, String(value)])).toString();
  const response = await fetch(method === 'GET' && query !== '' ? `${path}?${query}` : path, {
    method,
    credentials: 'same-origin',
    headers,
    ...(method === 'POST' ? { body: JSON.stringify(input ?? {}) } : {}),
  }).catch(() => null);
  if (response === null) return { ok: false, error: { type: 'NoAnswer' } };
  if (response.status === 204) return { ok: true, value: null as T };
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return { ok: true, value: body as T };
  if (typeof body === 'object' && body !== null && 'type' in body) return { ok: false, error: body as OfficeError };
  const incidentId = typeof body === 'object' && body !== null && 'incidentId' in body ? String(body.incidentId) : '';
  return { ok: false, error: { type: 'Fault', incidentId } };
}

/** Two tabs never refresh with the same cookie: the server would take that for theft. */
export async function refresh(): Promise<Answer<unknown>> {
  const { method, path } = officeApi.refresh;
  const work = async (): Promise<Answer<unknown>> => {
    const me = await send('GET', officeApi.me.path, {});
    return me.ok || me.error.type !== 'NotSignedIn' ? me : send(method, path, {});
  };
  // Locks are there only in a secure place (https, or this PC); elsewhere one tab at a time is left to chance.
  if (!('locks' in navigator)) return work();
  return await navigator.locks.request('billmitra.office.refresh', work);
}

async function sendSignedIn<T>(method: 'GET' | 'POST', path: string, input: unknown): Promise<Answer<T>> {
  const first = await send<T>(method, path, input);
  if (first.ok || first.error.type !== 'NotSignedIn') return first;
  const renewed = await refresh();
  const again = renewed.ok ? await send<T>(method, path, input) : first;
  if (!again.ok && again.error.type === 'NotSignedIn') signedOutStore.set((n) => n + 1);
  return again;
}

/** Ids come as text from the server and go back as such. */
export type Plain<I> = { readonly [K in keyof I]: Uuid extends I[K] ? Exclude<I[K], Uuid> | string : I[K] };

export const ask = <I, O>(call: OfficeCall<I, O>, input: Plain<I>): Promise<Answer<O>> =>
  call.roles.length === 0 ? send<O>(call.method, call.path, input) : sendSignedIn<O>(call.method, call.path, input);
