/**
 * Head office's models for Home, asked for now and then. Rule kept: a store's people are told of none, so for them nothing is
 * asked; without an answer there is nothing to say.
 */
import { useEffect, useState } from 'react';
import { releasesApi, type ReleaseView } from '#contract/releases.ts';
import type { Me } from '#contract/server.ts';
import { ask } from './api.ts';

const everyMs = 60_000;

/** The newest; null: none, or not for this person. */
export function useNewestRelease(me: Me): ReleaseView | null {
  const [newest, setNewest] = useState<ReleaseView | null>(null);
  const isForMe = me.role !== 'store';
  useEffect(() => {
    if (!isForMe) return;
    let isGone = false;
    const look = (): void =>
      void ask(releasesApi.releases, {}).then((answer) => {
        if (!isGone && answer.ok) setNewest(answer.value.releases[0] ?? null);
      });
    const first = setTimeout(look, 0);
    const timer = setInterval(() => document.visibilityState === 'visible' && look(), everyMs);
    return () => {
      isGone = true;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [isForMe]);
  return newest;
}
