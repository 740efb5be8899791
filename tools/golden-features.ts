/**
 * `node tools/golden-features.ts`: writes ml/schema/golden-values.ts anew from the made-up shop. Rule kept: only for a
 * change of features that is meant; what is committed is what shop and server are compared with.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featureBatch } from '#ml/schema/golden-batch.ts';
import { goldenDays, goldenRows } from '#ml/schema/golden-shop.ts';

const { names, values } = featureBatch(goldenRows(), goldenDays);
const bytes = Buffer.from(values.buffer).toString('base64');
const text = `/**
 * The golden batch: names of its features and their values, little-endian float32 in base64, row after row. Written by
 * \`node tools/golden-features.ts\`. Rule kept: never edited by hand.
 */
export const goldenNames = '${names.join(' ')}';
export const goldenValues =
  '${bytes}';
`;
writeFileSync(join(import.meta.dirname, '..', 'ml', 'schema', 'golden-values.ts'), text);
