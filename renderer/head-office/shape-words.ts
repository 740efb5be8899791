/** What head office calls each thing that tills are sent. Rule kept: one that is not known here keeps its own name. */
import type { OfficeSay, OfficeWord } from './office-words.ts';

const shapeWords: Readonly<Record<string, OfficeWord>> = {
  catalogue: 'navCatalogue',
  staff: 'navPeople',
  settings: 'navRules',
  gstRates: 'navRates',
  sisterStock: 'shapeStock',
  storeDays: 'shapeDays',
  forecasts: 'shapeForecasts',
  modelReleases: 'shapeModels',
  proposals: 'navProposals',
  publications: 'shapePrices',
  publicationRows: 'shapePrices',
  transfers: 'shapeTransfers',
  stores: 'shapeStores',
};

/** A till or a server of a later version may name one that is not known here. */
export const shapeText = (shape: string, say: OfficeSay): string => {
  const word = shapeWords[shape];
  return word === undefined ? shape : say(word);
};
