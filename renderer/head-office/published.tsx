/**
 * What was published and who has it, newest first; the chosen one names the tills that miss. Rule kept: the meter counts
 * tills that have all of it and moves while one looks; what is missing is named; old prices are put back by publishing them,
 * and it is said which tills go by the new ones until they hear of it.
 */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { publishApi, type MissingTill, type PublicationView } from '#contract/publish.ts';
import type { Me } from '#contract/server.ts';
import { ask } from './api.ts';
import { errorText } from './error-words.ts';
import { OfficeButton } from './office-pieces.tsx';
import { useOffice } from './office-words.ts';
import { whenOf, whenText } from './times.ts';

const everyMs = 3_000;
/** What took effect longer ago is no slip any more: new prices are published. */
const slipMs = 86_400_000;

/** `nowMs`: head office's own clock. */
export function Published({ me, nowMs }: { readonly me: Me; readonly nowMs: number }) {
  const { say, language } = useOffice();
  const [list, setList] = useState<readonly PublicationView[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [missing, setMissing] = useState<readonly MissingTill[]>([]);
  const [said, setSaid] = useState<string | null>(null);
  const putBack = async (one: PublicationView): Promise<void> => {
    const answer = await ask(publishApi.takeBack, { publicationId: crypto.randomUUID(), of: one.id });
    if (!answer.ok) return setSaid(errorText(answer.error, say));
    if (!answer.value.ok) return setSaid(say(answer.value.reason === 'unknown' ? 'takeBackGone' : 'takeBackNot'));
    const back = answer.value.publication;
    setSaid(one.tillsWithIt === 0 ? say('takenBack') : say('takeBackWaits', { count: one.tillsWithIt }));
    if (back === null) return;
    setList((known) => [back, ...known.map((old) => (old.id === one.id ? { ...old, isTakenBack: true } : old))]);
    setChosen(back.id);
  };
  const mayPutBack = (one: PublicationView): boolean =>
    me.role !== 'store' &&
    !one.isTakenBack &&
    one.takesBack === null &&
    nowMs > 0 &&
    (me.role === 'chain' || one.publishedBy === me.email) &&
    Math.max(one.effectiveAtMs, one.publishedAtMs) > nowMs - slipMs;
  const openId = chosen ?? list[0]?.id ?? null;
  useEffect(() => {
    let isGone = false;
    const once = async (): Promise<void> => {
      const answer = await ask(publishApi.publications, { limit: 20 });
      if (isGone || !answer.ok) return;
      const { publications } = answer.value;
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
      {said === null ? null : (
        <p className="ho-quiet" role="status" data-testid="put-back-said">
          {said}
        </p>
      )}
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
                {one.effectiveAtMs <= one.publishedAtMs
                  ? ''
                  : ` · ${say('fromTime', { when: whenOf(one.effectiveAtMs, nowMs, say, language) })}`}
                {one.takesBack === null ? '' : ` · ${say('takesBack')}`}
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
          {one.isTakenBack ? <p className="ho-quiet">{say('takenBack')}</p> : null}
          {one.id === openId && mayPutBack(one) ? (
            <div className="ho-put-back">
              <OfficeButton icon="back" onPress={() => void putBack(one)} testId="put-back">
                {say('takeBack')}
              </OfficeButton>
            </div>
          ) : null}
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
