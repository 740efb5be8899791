/** How many cases a property test tries: 2,000 in `npm test`, 10,000 in `npm run test:full`. */
export const propertyRuns = (): number => (process.env['BILLMITRA_FULL'] === '1' ? 10_000 : 2_000);
