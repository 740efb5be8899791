/**
 * The contract, answered: each method named once and tied to its use case. Rule kept: who may call is
 * decided here and in edge.ts, nowhere else; a use case never asks who called.
 */
import type { CallContext } from './context.ts';
import { backupRoutes } from './backup-routes.ts';
import { cartRoutes } from './cart-routes.ts';
import { checkApproval, isAtLeast } from './check-pin.ts';
import { customerRoutes } from './customer-routes.ts';
import { deviceRoutes } from './device-routes.ts';
import { atLeast, os, settingUp, signedIn } from './edge.ts';
import { forecastRoutes, orderListRoutes } from './forecast-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { poleRoutes, drawerRoutes } from './pole-routes.ts';
import { scaleRoutes } from './scale-routes.ts';
import { scannerRoutes } from './scanner-routes.ts';
import { shiftState } from './shift-state.ts';
import { syncRoutes } from './sync-routes.ts';
import { transferRoutes } from './transfer-routes.ts';
import * as bills from './use-cases/bills.ts';
import * as cart from './use-cases/edit-cart.ts';
import * as commit from './use-cases/commit-bill.ts';
import * as device from './use-cases/device.ts';
import * as item from './use-cases/item.ts';
import * as note from './use-cases/credit-note.ts';
import * as shift from './use-cases/shift.ts';
import * as logo from './use-cases/logo.ts';
import * as shop from './use-cases/shop.ts';
import * as staff from './use-cases/staff.ts';
import * as stock from './use-cases/stock.ts';
import * as window from './use-cases/window.ts';

const done = { done: true } as const;

export const tillRouter = os.router({
  till: {
    status: os.till.status.handler(({ context }) => context.till.status.current),
    statusFeed: os.till.statusFeed.handler(({ context, signal }) =>
      context.till.status.feed.subscribe(() => context.till.status.current, signal),
    ),
    claim: os.till.claim.handler(({ context, input }) => window.claim(context, input.windowId, input.takeOver)),
    acceptClock: os.till.acceptClock.handler(({ context, input }) => {
      checkApproval(context.till, input.ownerPin, 'owner');
      return window.acceptClock(context.till);
    }),
  },
  shop: {
    get: os.shop.get.handler(({ context }) => shop.shopView(context.till)),
    save: os.shop.save.handler(({ context, input }) => {
      settingUp(context);
      return shop.saveShop(context.till, input);
    }),
    saveOwner: os.shop.saveOwner.handler(({ context, input }) => {
      settingUp(context);
      return staff.saveOwner(context.till, context.connection, input);
    }),
    setKeys: os.shop.setKeys.handler(({ context, input }) => {
      atLeast(context, 'supervisor');
      return shop.setKeys(context.till, input);
    }),
    logo: os.shop.logo.handler(({ context }) => logo.logoView(context.till)),
    setLogo: os.shop.setLogo.handler(({ context, input }) => {
      settingUp(context);
      return logo.setLogo(context.till, input.pngBase64);
    }),
    addStarterItems: os.shop.addStarterItems.handler(({ context }) => {
      settingUp(context);
      return { added: context.till.addStarterItems() };
    }),
    finishSetUp: os.shop.finishSetUp.handler(({ context }) => {
      settingUp(context);
      return shop.finishSetUp(context.till);
    }),
  },
  staff: {
    list: os.staff.list.handler(({ context }) => staff.listStaff(context.till)),
    signIn: os.staff.signIn.handler(({ context, input }) =>
      staff.signIn(context.till, context.connection, input.staffId, input.pin),
    ),
    resume: os.staff.resume.handler(({ context, input }) =>
      staff.resumeLogin(context.till, context.connection, input.loginToken),
    ),
    signOut: os.staff.signOut.handler(({ context }) => staff.signOut(context.till, context.connection)),
    recover: os.staff.recover.handler(({ context, input }) =>
      staff.recover(context.till, context.connection, input.recoveryCode, input.newPin),
    ),
    add: os.staff.add.handler(({ context, input }) => {
      atLeast(context, 'owner');
      return staff.addStaff(context.till, input);
    }),
    choosePin: os.staff.choosePin.handler(({ context, input }) => staff.choosePin(context.till, input)),
    setLanguage: os.staff.setLanguage.handler(({ context, input }) =>
      staff.setLanguage(context.till, context.connection, input.language),
    ),
  },
  shift: {
    state: os.shift.state.handler(({ context }) => shiftState(context.till)),
    feed: os.shift.feed.handler(({ context, signal }) =>
      context.till.shiftFeed.subscribe(() => shiftState(context.till), signal),
    ),
    open: os.shift.open.handler(({ context, input }) =>
      shift.openShift(context.till, input.key, input.floatPaise, signedIn(context)),
    ),
    report: os.shift.report.handler(({ context }) => {
      signedIn(context);
      return shift.openShiftReport(context.till);
    }),
    printReport: os.shift.printReport.handler(({ context }) => {
      signedIn(context);
      return shift.printReport(context.till);
    }),
    countCash: os.shift.countCash.handler(({ input }) => shift.countCash(input.rows)),
    compare: os.shift.compare.handler(({ context, input }) => {
      signedIn(context);
      return shift.compareCash(context.till, input.countedCashPaise);
    }),
    settleUpi: os.shift.settleUpi.handler(({ context, input }) =>
      shift.settleUpi(context.till, input, signedIn(context)),
    ),
    close: os.shift.close.handler(({ context, input }) => shift.closeShift(context.till, input, signedIn(context))),
  },
  cart: cartRoutes,
  sync: syncRoutes,
  transfer: transferRoutes,
  backup: backupRoutes,
  forecast: forecastRoutes,
  orderList: orderListRoutes,
  scanner: scannerRoutes,
  customer: customerRoutes,
  label: labelRoutes,
  scale: scaleRoutes,
  pole: poleRoutes,
  drawer: drawerRoutes,
  bill: {
    commit: os.bill.commit.handler(({ context, input }) => {
      window.mustBeActive(context);
      return commit.commitBill(context.till, input.cartId, signedIn(context));
    }),
    get: os.bill.get.handler(({ context, input }) => {
      signedIn(context);
      return bills.getBill(context.till, input.id);
    }),
    find: os.bill.find.handler(({ context, input }) => {
      signedIn(context);
      return context.till.tables.bills.find(input.text, input.businessDate, input.limit);
    }),
    forReturn: os.bill.forReturn.handler(({ context, input }) => {
      signedIn(context);
      return note.billForReturn(context.till, input.text);
    }),
    receipt: os.bill.receipt.handler(({ context, input }) => {
      signedIn(context);
      return bills.receiptPreview(context.till, input.id, input.kind);
    }),
    reprint: os.bill.reprint.handler(({ context, input }) => {
      signedIn(context);
      return device.reprint(context.till, input.key, input.id);
    }),
  },
  creditNote: {
    preview: os.creditNote.preview.handler(({ context, input }) =>
      note.previewReturn(context.till, input.billId, input.lines, signedIn(context)),
    ),
    previewWithoutBill: os.creditNote.previewWithoutBill.handler(({ context, input }) =>
      note.previewWithoutBill(context.till, input.lines, signedIn(context)),
    ),
    commitForBill: os.creditNote.commitForBill.handler(({ context, input }) => {
      const login = signedIn(context);
      if (!isAtLeast(login.role, 'supervisor')) note.mustBeInTime(context.till, input.billId);
      return note.commitReturnForBill(context.till, input, login);
    }),
    commitWithoutBill: os.creditNote.commitWithoutBill.handler(({ context, input }) => {
      const login = signedIn(context);
      const approver = checkApproval(context.till, input.supervisorPin, 'supervisor');
      const customer = cart.customerFrom(context.till, input.customer);
      return note.commitReturnWithoutBill(context.till, { ...input, customer }, login, approver.id);
    }),
    get: os.creditNote.get.handler(({ context, input }) => {
      signedIn(context);
      return bills.getCreditNote(context.till, input.id);
    }),
  },
  item: {
    search: os.item.search.handler(({ context, input }) => {
      signedIn(context);
      return item.searchItems(context.till, input.text, input.limit, input.worthPaise);
    }),
    get: os.item.get.handler(({ context, input }) => {
      signedIn(context);
      return item.getItem(context.till, input.id);
    }),
    byCode: os.item.byCode.handler(({ context, input }) => {
      signedIn(context);
      return item.itemByCode(context.till, input.code);
    }),
    looseBoard: os.item.looseBoard.handler(({ context }) => {
      signedIn(context);
      return item.looseBoard(context.till);
    }),
    add: os.item.add.handler(({ context, input }) => {
      signedIn(context);
      return item.addItem(context.till, input.key, input.item);
    }),
    update: os.item.update.handler(({ context, input }) => {
      atLeast(context, 'supervisor');
      return item.updateItem(context.till, input.key, input.id, input.item, signedIn(context));
    }),
    card: os.item.card.handler(({ context, input }) => {
      signedIn(context);
      return item.itemCard(context.till, input.id);
    }),
    change: os.item.change.handler(({ context, input }) =>
      item.changeItem(context.till, input.key, input.id, input.change, atLeast(context, 'supervisor')),
    ),
    takeBack: os.item.takeBack.handler(({ context, input }) => {
      atLeast(context, 'supervisor');
      return item.takeBackProposal(context.till, input.key, input.proposalId);
    }),
    addBatch: os.item.addBatch.handler(({ context, input }) => {
      atLeast(context, 'supervisor');
      return item.addBatch(context.till, input.key, input.itemId, input);
    }),
    taxClasses: os.item.taxClasses.handler(({ context, input }) => {
      signedIn(context);
      return item.taxClasses(context.till, input.hsn);
    }),
  },
  stock: {
    receive: os.stock.receive.handler(({ context, input }) =>
      stock.receiveStock(context.till, input, atLeast(context, 'supervisor')),
    ),
    adjust: os.stock.adjust.handler(({ context, input }) =>
      stock.adjustStock(context.till, input, atLeast(context, 'supervisor')),
    ),
    onHand: os.stock.onHand.handler(({ context, input }) => {
      signedIn(context);
      const onHand = context.till.tables.stock.onHandMany(input.itemIds);
      return [...onHand].map(([itemId, onHandMilli]) => ({ itemId, onHandMilli }));
    }),
    verify: os.stock.verify.handler(({ context }) => {
      signedIn(context);
      return context.till.tables.stock.verify();
    }),
  },
  enquiry: {
    record: os.enquiry.record.handler(({ context, input }) =>
      item.recordEnquiry(context.till, input.key, input.text, input.itemId, signedIn(context).id),
    ),
  },
  device: deviceRoutes,
  import: importRoutes(),
});

export type TillRouter = typeof tillRouter;

/** Import belongs to whoever sets the shop up, later to its owner. */
function importRoutes() {
  const open = (context: CallContext) => {
    settingUp(context);
    return context.till.imports;
  };
  return {
    read: os.import.read.handler(({ context, input }) => open(context).read(input.fileName, input.base64)),
    check: os.import.check.handler(({ context, input }) =>
      open(context).check(input.importId, input.mapping, input.defaults),
    ),
    mend: os.import.mend.handler(({ context, input }) =>
      open(context).mend(input.importId, input.rowNo, input.field, input.value),
    ),
    accept: os.import.accept.handler(({ context, input }) => open(context).accept(input.importId)),
    cancel: os.import.cancel.handler(({ context, input }) => {
      open(context).cancel(input.importId);
      return done;
    }),
    refusedFile: os.import.refusedFile.handler(({ context, input }) => open(context).refusedFile(input.importId)),
    feed: os.import.feed.handler(({ context, input, signal }) => open(context).feed(input.importId, signal)),
  };
}
