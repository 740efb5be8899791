/** "10 min ago": when another store was last heard, as the counter reads it. Rule kept: never said more exactly than it is known. */
import type { Say } from '../words/words.ts';

export function heardText(heardAtMs: number | null, say: Say): string {
  if (heardAtMs === null) return say('brNeverHeard');
  const minutes = Math.max(1, Math.floor((Date.now() - heardAtMs) / 60_000));
  if (minutes < 90) return say('brMinutesAgo', { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? say('brHoursAgo', { count: hours }) : say('brDaysAgo', { count: Math.round(hours / 24) });
}
