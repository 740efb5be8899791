/**
 * The live tester of a scale: what comes off the wire, readable, and what it would make; and a pattern against text
 * without a scale. Rule kept: it only looks; nothing it sees becomes a weight for a bill.
 */
import type { DomainError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { ScalePattern, ScaleTrial, ScaleTrialLine } from '#contract/till-scale.ts';
import type { PatternFault } from '#hardware/scale/guarded-pattern.ts';
import type { Scale, ScaleHeard } from '#hardware/scale/port.ts';
import { scaleViewOf } from './scale-view.ts';

const tellEveryMs = 100;
const keptLines = 12;
const keptBytes = 160;

export const patternRefusal = (fault: PatternFault): DomainError => ({ type: 'PatternInvalid', ...fault });

type Readable = (bytes: Uint8Array) => string;

function lineOf(frame: Uint8Array, heard: ScaleHeard | null, readable: Readable): ScaleTrialLine {
  if (heard === null) return { text: readable(frame), understood: null };
  if (heard.kind !== 'weight') return { text: readable(frame), understood: { kind: heard.kind } };
  const { milli, isStable } = heard;
  return { text: readable(frame), understood: { kind: 'weight', weightMilli: milli, isStable } };
}

/** Tells at most ten times a second, and only what is new, until told to stop. */
export async function* followTrial(scale: Scale, stop: AbortSignal): AsyncGenerator<ScaleTrial, void, void> {
  const { readableBytes } = await import('#hardware/scale/frames.ts');
  let lines: readonly ScaleTrialLine[] = [];
  let bytes = 0;
  let raw = new Uint8Array(0);
  let isChanged = true;
  scale.onBytes((chunk) => {
    bytes += chunk.length;
    raw = Uint8Array.from([...raw, ...chunk]).slice(-keptBytes);
    isChanged = true;
  });
  scale.onFrame((frame, heard) => {
    lines = [...lines, lineOf(frame, heard, readableBytes)].slice(-keptLines);
  });
  scale.onState(() => {
    isChanged = true;
  });
  while (!stop.aborted) {
    if (isChanged) {
      isChanged = false;
      yield { lines, bytes, raw: readableBytes(raw), view: scaleViewOf(scale, null) };
    }
    await pause(tellEveryMs, stop);
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    stop.addEventListener('abort', wake);
  });
}

export async function tryPattern(
  pattern: ScalePattern,
  sample: string,
): Promise<Result<readonly ScaleTrialLine[], DomainError>> {
  const [{ patternProtocol }, { ascii, noRest, readableBytes, stepFrames }] = await Promise.all([
    import('#hardware/scale/pattern.ts'),
    import('#hardware/scale/frames.ts'),
  ]);
  const made = patternProtocol(pattern);
  if (!made.ok) return err(patternRefusal(made.error));
  const { framing, readFrame } = made.value;
  const { frames } = stepFrames(framing, noRest, ascii(`${sample}\r`));
  return ok(frames.map((frame) => lineOf(frame, readFrame(frame), readableBytes)));
}
