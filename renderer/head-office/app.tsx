/**
 * Head office's page put together: who is signed in, which page is open. Rule kept: nothing is asked for before
 * somebody is signed in; today's totals are followed once for all pages.
 */
import { useEffect, useState } from 'react';
import { type Me, officeApi } from '#contract/server.ts';
import { useStore } from '../state/store.ts';
import { ask, type Failure, signedOutStore } from './api.ts';
import { CataloguePage } from './catalogue-page.tsx';
import { Frame } from './frame.tsx';
import { HomePage } from './home-page.tsx';
import { OfficeTrouble } from './office-pieces.tsx';
import { type OfficeSay, useOffice } from './office-words.ts';
import { useTills, useToday } from './office-data.ts';
import { errorText } from './error-words.ts';
import { ModelsPage } from './models-page.tsx';
import { PeoplePage } from './people-page.tsx';
import { ProposalsPage, useCases } from './proposals-page.tsx';
import { PublishPage } from './publish-page.tsx';
import { RatesPage } from './rates-page.tsx';
import { RulesPage } from './rules-page.tsx';
import { goTo, useInvite, useRoute } from './route.ts';
import { SignIn } from './sign-in.tsx';
import { TransfersPage, useOpenTransfers } from './transfers-page.tsx';
import { StoresPage } from './stores-page.tsx';
import { SyncPage } from './sync-page.tsx';
import { AccessPage } from './access-page.tsx';
import { AccountPage } from './account-page.tsx';
import { needsLook } from './till-state.ts';
import { useNewestRelease } from './use-releases.ts';

type Who = { readonly me: Me | null /** signedOutStore's count when this was found. */; readonly at: number };

export function OfficeApp() {
  const { say } = useOffice();
  const [who, setWho] = useState<Who | null>(null);
  const [trouble, setTrouble] = useState<Failure | null>(null);
  const invite = useInvite();
  const over = useStore(signedOutStore, (n) => n);
  useEffect(() => {
    void ask(officeApi.me, {}).then((answer) => {
      setWho({ me: answer.ok ? answer.value : null, at: signedOutStore.get() });
      const isLine = !answer.ok && (answer.error.type === 'NoAnswer' || answer.error.type === 'Fault');
      setTrouble(isLine ? answer.error : null);
    });
  }, []);
  if (who === null) return null;
  if (trouble !== null) return <OfficeTrouble>{errorText(trouble, say)}</OfficeTrouble>;
  const { me } = who;
  if (me === null || who.at !== over || invite !== null) {
    return (
      <SignIn
        invite={invite}
        isOver={me !== null && who.at !== over}
        onSignedIn={(signedIn) => {
          if (invite !== null) goTo('home');
          setWho({ me: signedIn, at: signedOutStore.get() });
        }}
      />
    );
  }
  const leave = (): void => void ask(officeApi.signOut, {}).then(() => setWho({ me: null, at: signedOutStore.get() }));
  const again = (): void =>
    void ask(officeApi.me, {}).then((answer) => {
      if (answer.ok) setWho({ me: answer.value, at: signedOutStore.get() });
    });
  return <Inside me={me} onSignOut={leave} onChanged={again} />;
}

const roleText = (me: Me, say: OfficeSay): string =>
  say(me.role === 'chain' ? 'roleChain' : me.role === 'region' ? 'roleRegion' : 'roleStore', {
    region: me.region ?? '',
  });

function Inside({
  me,
  onSignOut,
  onChanged,
}: {
  readonly me: Me;
  readonly onSignOut: () => void;
  readonly onChanged: () => void;
}) {
  const { say } = useOffice();
  const { page } = useRoute();
  const today = useToday();
  const cases = useCases();
  const transfers = useOpenTransfers();
  const release = useNewestRelease(me);
  const tills = useTills(today.view?.shutOut ?? 0);
  const size =
    today.view === null
      ? null
      : `${say('regionsOf', { count: today.view.regions.length })}, ${say('storesOf', { count: today.view.storeCount })}`;
  return (
    <Frame
      page={page}
      organisation={me.organisation}
      person={me.email}
      role={roleText(me, say)}
      size={size}
      hidden={[
        ...(me.role === 'store' ? (['publish', 'models'] as const) : []),
        ...(me.role === 'chain' ? [] : (['access'] as const)),
      ]}
      waiting={{
        sync: tills.value?.filter(needsLook).length ?? 0,
        proposals: cases.value?.length ?? 0,
        transfers: transfers.value?.open ?? 0,
      }}
      onSignOut={onSignOut}
    >
      {page === 'stores' ? (
        <StoresPage me={me} today={today} tills={tills} />
      ) : page === 'sync' ? (
        <SyncPage me={me} today={today} tills={tills} />
      ) : page === 'proposals' ? (
        <ProposalsPage me={me} open={cases} nowMs={today.view?.atMs ?? 0} />
      ) : page === 'transfers' ? (
        <TransfersPage me={me} />
      ) : page === 'catalogue' ? (
        <CataloguePage canPublish={me.role !== 'store'} />
      ) : page === 'publish' && me.role !== 'store' ? (
        <PublishPage me={me} nowMs={today.view?.atMs ?? 0} />
      ) : page === 'models' && me.role !== 'store' ? (
        <ModelsPage me={me} nowMs={today.view?.atMs ?? 0} />
      ) : page === 'people' ? (
        <PeoplePage me={me} />
      ) : page === 'rules' ? (
        <RulesPage me={me} />
      ) : page === 'rates' ? (
        <RatesPage me={me} />
      ) : page === 'access' && me.role === 'chain' ? (
        <AccessPage me={me} />
      ) : page === 'account' ? (
        <AccountPage me={me} store={today.view?.stores[0]?.name ?? null} onChanged={onChanged} />
      ) : (
        <HomePage
          today={today}
          tills={tills.value}
          cases={cases.value?.length ?? 0}
          transfers={transfers.value?.transfers ?? []}
          release={release}
        />
      )}
    </Frame>
  );
}
