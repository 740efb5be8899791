/**
 * `node tools/calendar.ts`: writes ml/calendar/festival-table.ts anew from the almanac's rules and corrections. Rule
 * kept: it decides nothing itself; a test compares the file with what it would write.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableText } from '#ml/calendar/almanac/table-text.ts';

writeFileSync(join(import.meta.dirname, '..', 'ml', 'calendar', 'festival-table.ts'), tableText());
