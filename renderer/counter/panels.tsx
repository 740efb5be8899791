/** Which form lies over the counter: the till's question first, then what a key opened. Rule kept: one at a
 * time, so that Enter and Esc have one meaning. */
import { XReport } from '../shift/x-report.tsx';
import { useHeader } from './cart-store.ts';
import { CustomerForm } from './customer-form.tsx';
import { HeldBills } from './held-bills.tsx';
import { DiscountForm, PriceForm } from './line-forms.tsx';
import { WeightForm } from './weight-form.tsx';
import { MoreMenu, Palette } from './menus.tsx';
import { LargeQuestion, MrpChooser } from './mrp-chooser.tsx';
import { DropForm, NewItemForm, NotInShopForm, PriceOnlyForm } from './small-forms.tsx';
import { ItemCard } from './item-card.tsx';
import { BackupPanel } from '../backup/backup-panel.tsx';
import { SyncPanel } from '../sync/sync-panel.tsx';
import { useUi } from './ui-store.ts';

export function CounterPanel() {
  const choice = useHeader((header) => header.choice, null);
  const panel = useUi((ui) => ui.panel);
  if (choice !== null) {
    return choice.kind === 'mrp' ? (
      <MrpChooser key={choice.id} choice={choice} />
    ) : (
      <LargeQuestion key={choice.id} choice={choice} />
    );
  }
  switch (panel?.kind) {
    case undefined:
    case 'qty':
    case 'loose':
    case 'clock':
      return null;
    case 'discount':
      return <DiscountForm lineId={panel.lineId} />;
    case 'price':
      return <PriceForm lineId={panel.lineId} />;
    case 'customer':
      return <CustomerForm />;
    case 'held':
      return <HeldBills putAside={panel.putAside} />;
    case 'more':
      return <MoreMenu />;
    case 'palette':
      return <Palette />;
    case 'weight':
      return <WeightForm item={panel.item} />;
    case 'notInShop':
      return <NotInShopForm text={panel.text} />;
    case 'newItem':
      return <NewItemForm lineId={panel.lineId} code={panel.code} />;
    case 'priceOnly':
      return <PriceOnlyForm name={panel.name} />;
    case 'drop':
      return <DropForm />;
    case 'itemCard':
      return <ItemCard />;
    case 'sync':
      return <SyncPanel />;
    case 'backup':
      return <BackupPanel />;
    case 'report':
      return <XReport />;
  }
}
