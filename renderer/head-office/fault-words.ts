/** Why a price may not be sold so, in rupees. Rule kept: every fault of core/sync/item-change.ts has its words. */
import { formatPaise } from '#core/money.ts';
import type { ChangeFault } from '#core/sync/item-change.ts';
import type { OfficeSay } from './office-words.ts';

export function faultText(fault: ChangeFault, say: OfficeSay): string {
  switch (fault.reason) {
    case 'unknownItem':
      return say('faultUnknown');
    case 'notPositive':
      return say('faultNotPositive');
    case 'aboveMrp':
      return say('faultAboveMrp', { price: formatPaise(fault.pricePaise), mrp: formatPaise(fault.mrpPaise) });
    case 'belowCost':
      return say('faultBelowCost', { price: formatPaise(fault.pricePaise), cost: formatPaise(fault.costPaise) });
  }
}
