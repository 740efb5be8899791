/**
 * What was published and who has it, newest first; the chosen one names the tills that miss. Rule kept: the meter counts
 * tills that have all of it and moves while one looks; what is missing is named.
 */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { publishApi, type MissingTill, type PublicationView } from '#contract/publish.ts';
import { ask } from './api.ts';
import { useOffice } from './office-words.ts';
import { whenOf, whenText } from './times.ts';

const everyMs = 3_000;

export function Published() {
  const { say, language } = useOffice();
  const [list, setList] = useState<readonly PublicationView[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [missing, setMissing] = useState<readonly MissingTill[]>([]);
  const [nowMs, setNowMs] = useState(0);
  const openId = chosen ?? list[0]?.id ?? null;
  useEffect(() => {
    let isGone = false;
    const once = async (): Promise<void> => {
      const answer = await ask(publishApi.publications, { limit: 20 });
      if (isGone || !answer.ok) return;
      const { publications } = answer.value;
      setNowMs(Date.now());
      setList(publications);
      const publicationId = chosen ?? publications[0]?.id;
      if (publicationId === undefined) return;
      const one = await ask(publishApi.publication, { publicationId });
      if (!isGone && one.ok) setMissing(one.value?.missing ?? []);
    };
    const first = setTimeout(() => void once(), 0);
    const timer = setInterval(() => void once(), everyMs);
    return () => {
      isGone = true;
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [chosen]);
  if (list.length === 0) return null;
  return (
    <div className="ho-published" data-testid="published">
      <h3>{say('published')}</h3>
      {list.map((one) => (
        <div key={one.id} className="ho-publication">
          <UnstyledButton onClick={() => setChosen(one.id)} aria-expanded={one.id === openId}>
            <span>
              <b>{say('tillsHaveIt', { have: one.tillsWithIt, all: one.tills })}</b>
              <small>
                {say('publishedLine', {
                  count: one.lines,
                  when: whenOf(one.publishedAtMs, nowMs, say, language),
                })}
                {one.tillsWithoutSome === 0 ? '' : ` · ${say('tillsLackGoods', { count: one.tillsWithoutSome })}`}
              </small>
            </span>
            <meter
              min={0}
              max={Math.max(1, one.tills)}
              value={one.tillsWithIt}
              aria-label={say('tillsHaveIt', { have: one.tillsWithIt, all: one.tills })}
            />
          </UnstyledButton>
          {one.id === openId && missing.length > 0 ? (
            <ul data-testid="missing">
              {missing.slice(0, 8).map((till) => (
                <li key={till.tillId}>
                  {`${till.storeName}, ${till.tillName}: `}
                  {till.lastSeenMs === null
                    ? say('sNever')
                    : say('tillHeard', { when: whenText(till.lastSeenMs, nowMs, say, language) })}
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      ))}
    </div>
  );
}
