/**
 * Place of supply: the States and Union territories with their GST codes, and who shares the tax. The one
 * rule: the same code is intra (UTGST where the territory has no legislature), any other is inter-State.
 * It never guesses a State from an address.
 */
import type { Supply } from './tax.ts';

export type GstState = {
  /** Two digits, the first two of a GSTIN. */
  readonly code: string;
  readonly name: string;
  /** A Union territory without its own legislature: UTGST in place of SGST (UTGST Act s. 2, 7). */
  readonly isUnionTerritory: boolean;
};

const state = (code: string, name: string): GstState => ({ code, name, isUnionTerritory: false });
const territory = (code: string, name: string): GstState => ({ code, name, isUnionTerritory: true });

/**
 * In code order. Delhi, Puducherry and Jammu and Kashmir have legislatures and levy SGST. 97 is the sea
 * beyond State waters ("other territory", which the UTGST Act counts as a territory); 96 is abroad.
 */
export const states: readonly GstState[] = [
  state('01', 'Jammu and Kashmir'),
  state('02', 'Himachal Pradesh'),
  state('03', 'Punjab'),
  territory('04', 'Chandigarh'),
  state('05', 'Uttarakhand'),
  state('06', 'Haryana'),
  state('07', 'Delhi'),
  state('08', 'Rajasthan'),
  state('09', 'Uttar Pradesh'),
  state('10', 'Bihar'),
  state('11', 'Sikkim'),
  state('12', 'Arunachal Pradesh'),
  state('13', 'Nagaland'),
  state('14', 'Manipur'),
  state('15', 'Mizoram'),
  state('16', 'Tripura'),
  state('17', 'Meghalaya'),
  state('18', 'Assam'),
  state('19', 'West Bengal'),
  state('20', 'Jharkhand'),
  state('21', 'Odisha'),
  state('22', 'Chhattisgarh'),
  state('23', 'Madhya Pradesh'),
  state('24', 'Gujarat'),
  territory('26', 'Dadra and Nagar Haveli and Daman and Diu'),
  state('27', 'Maharashtra'),
  state('29', 'Karnataka'),
  state('30', 'Goa'),
  territory('31', 'Lakshadweep'),
  state('32', 'Kerala'),
  state('33', 'Tamil Nadu'),
  state('34', 'Puducherry'),
  territory('35', 'Andaman and Nicobar Islands'),
  state('36', 'Telangana'),
  state('37', 'Andhra Pradesh'),
  territory('38', 'Ladakh'),
  state('96', 'Other country'),
  territory('97', 'Other territory'),
];

const byCode: ReadonlyMap<string, GstState> = new Map(states.map((s) => [s.code, s]));

export const findState = (code: string): GstState | null => byCode.get(code) ?? null;

/**
 * Who shares the tax of a sale from `shopState` with that place of supply (IGST Act s. 7, 8; UTGST Act
 * s. 7). Both are two-digit codes; throws RangeError on one that isn't a State's, which is a bug: what a
 * person typed was checked by findState before.
 */
export function supplyOf(shopState: string, placeOfSupply: string): Supply {
  const shop = byCode.get(shopState);
  if (shop === undefined || !byCode.has(placeOfSupply)) {
    throw new RangeError(`not a State code: ${shopState} or ${placeOfSupply}`);
  }
  if (shopState !== placeOfSupply) return 'interState';
  return shop.isUnionTerritory ? 'intraUt' : 'intraState';
}
