/**
 * The owner's desk: the rail at the left, one page at the right. Rule kept: only an owner sees it, everybody else is told
 * why; F12 is the counter again, with its cart as it was. It loads when it is first opened, so the counter starts as light
 * as before.
 */
import { useEffect } from 'react';
import { Palette } from '../counter/menus.tsx';
import { uiStore, useUi } from '../counter/ui-store.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { useForm } from '../keys/form-stack.ts';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useWords } from '../words/words.ts';
import { AccuracyPage } from './accuracy-page.tsx';
import { type DeskPage, toCounter, useDesk } from './desk-store.ts';
import { ForecastsPage } from './forecasts-page.tsx';
import { GroupPage } from './group-page.tsx';
import { ItemPage } from './item-page.tsx';
import { ModelPageView } from './model-page.tsx';
import { countOrder } from './order-count.ts';
import { OrderPage } from './order-page.tsx';
import { Rail } from './rail.tsx';
import '../theme/rail.css';
import '../theme/owner.css';
import '../theme/owner-forecast.css';
import '../theme/owner-order.css';
import '../theme/order-sheet.css';

/** A panel of the counter was asked for by name: it opens where it lives. */
function usePanelsOfCounter(): void {
  useEffect(
    () =>
      uiStore.subscribe(() => {
        const { panel, screen } = uiStore.get();
        if (screen === 'owner' && panel !== null && panel.kind !== 'palette') uiStore.patch({ screen: 'counter' });
      }),
    [],
  );
}

function Page({ page }: { readonly page: DeskPage }) {
  switch (page.is) {
    case 'forecasts':
      return <ForecastsPage />;
    case 'item':
      return <ItemPage key={page.itemId} itemId={page.itemId} from={page.from} />;
    case 'group':
      return <GroupPage key={`${page.of} ${page.name}`} of={page.of} name={page.name} />;
    case 'order':
      return <OrderPage />;
    case 'accuracy':
      return <AccuracyPage />;
    case 'model':
      return <ModelPageView />;
  }
}

/** For whoever is no owner: who may see it, and the one way back. */
function NotForYou() {
  const { say } = useWords();
  useForm({ name: 'notForYou', back: toCounter, enter: toCounter, same: { F12: toCounter } });
  return (
    <main className="bm-center" data-form="notForYou" data-testid="desk-refused">
      <div className="bm-card bm-narrow bm-other">
        <Icon name="lock" size={28} />
        <b>{say('owOnlyOwner')}</b>
        <span>{say('owOnlyOwnerHelp')}</span>
        <ActionButton look="main" cap="Enter" onPress={toCounter}>
          {say('owCounter')}
        </ActionButton>
      </div>
    </main>
  );
}

function Desk() {
  const page = useDesk((desk) => desk.page);
  const hasPalette = useUi((ui) => ui.panel?.kind === 'palette');
  usePanelsOfCounter();
  useEffect(() => void countOrder(), []);
  return (
    <div className="ow-frame" data-testid="owner-desk">
      <Rail page={page.is} />
      <Page page={page} />
      {hasPalette ? <Palette /> : null}
    </div>
  );
}

export function OwnerDesk() {
  const role = useStore(sessionStore, (session) => session.staff?.role);
  return role === 'owner' ? <Desk /> : <NotForYou />;
}
