/**
 * All tables of the shop's database, opened. Rule kept: the till reaches data only through these nouns;
 * SQL lives in db/.
 */
import { makeBills } from '#db/bills.ts';
import { makeCartStore } from '#db/cart-store.ts';
import { makeCommandKeys } from '#db/command-keys.ts';
import { makeEnquiries } from '#db/enquiries.ts';
import { makeForecastTables } from '#db/forecasts.ts';
import { makeForecastWeeks } from '#db/forecast-weeks.ts';
import { makeItemOrders } from '#db/item-orders.ts';
import { makeItemProposals } from '#db/item-proposals.ts';
import { makeItems } from '#db/items.ts';
import { makeJournal } from '#db/journal.ts';
import { makeKeptAside } from '#db/kept-aside.ts';
import { makeModelTables } from '#db/models.ts';
import { makePublications } from '#db/publications.ts';
import type { ShopDb } from '#db/open.ts';
import { makeOwnGoods } from '#db/own-goods.ts';
import { makePrintJobs } from '#db/print-jobs.ts';
import { makeSearchQueue } from '#db/search-queue.ts';
import { makeSentRows } from '#db/sent-rows.ts';
import { makeSearch } from '#db/search.ts';
import { makeSettings } from '#db/settings.ts';
import { makeShifts } from '#db/shifts.ts';
import { makeStaff } from '#db/staff.ts';
import { makeStock } from '#db/stock.ts';
import { makeTransfers } from '#db/transfers.ts';
import { makeTaxRates } from '#db/tax-rates.ts';

export type Tables = ReturnType<typeof openTables>;

export const openTables = (shop: ShopDb) => ({
  shop,
  transact: <T>(work: () => T): T => shop.transact(work),
  settings: makeSettings(shop),
  staff: makeStaff(shop),
  items: makeItems(shop),
  search: makeSearch(shop),
  searchQueue: makeSearchQueue(shop),
  taxRates: makeTaxRates(shop),
  stock: makeStock(shop),
  bills: makeBills(shop),
  shifts: makeShifts(shop),
  journal: makeJournal(shop),
  keptAside: makeKeptAside(shop),
  publications: makePublications(shop),
  transfers: makeTransfers(shop),
  sentRows: makeSentRows(shop),
  itemProposals: makeItemProposals(shop),
  forecasts: makeForecastTables(shop),
  forecastWeeks: makeForecastWeeks(shop),
  models: makeModelTables(shop),
  itemOrders: makeItemOrders(shop),
  ownGoods: makeOwnGoods(shop),
  printJobs: makePrintJobs(shop),
  enquiries: makeEnquiries(shop),
  carts: makeCartStore(shop),
  commandKeys: makeCommandKeys(shop),
});
