/**
 * What the rows of models and the pointer say of each other when the shop is opened. Rule kept: the pointer is right where
 * it can be read, and rows follow it; a damaged one is written anew from the rows, which say what it last said; one that
 * the disk does not hand out changes nothing.
 */
import type { InstallState, ModelInstall } from '#db/models.ts';
import { type ModelFolder, noPointer, type Pointer } from './model-folder.ts';

const stateIn = (pointer: Pointer, { modelId, state }: ModelInstall): InstallState => {
  if (pointer.running === modelId) return 'running';
  if (pointer.shadow?.modelId === modelId) return 'shadow';
  if (pointer.previous.includes(modelId) && state !== 'withdrawn') return 'previous';
  return state === 'running' || state === 'shadow' ? 'waiting' : state;
};

/** What a crash left between the pointer and the rows: rows that must say something else, and what. */
export const rowsToMend = (
  pointer: Pointer,
  rows: readonly ModelInstall[],
): readonly { readonly modelId: string; readonly state: InstallState }[] =>
  rows.flatMap((row) => {
    const state = stateIn(pointer, row);
    return state === row.state ? [] : [{ modelId: row.modelId, state }];
  });

/** As the rows have it; the newest before come first, as `rows` do. */
function fromRows(rows: readonly ModelInstall[]): Pointer {
  const of = (state: InstallState): readonly ModelInstall[] => rows.filter((row) => row.state === state);
  const [running] = of('running');
  const [shadow] = of('shadow');
  return {
    running: running?.modelId ?? null,
    previous: of('previous').map(({ modelId }) => modelId),
    shadow: shadow === undefined ? null : { modelId: shadow.modelId, sinceMs: shadow.sinceMs },
  };
}

/** The pointer as it holds; `isMended`: it was damaged and stands again. Throws where it can't be read. */
export async function knowPointer(
  folder: ModelFolder,
  rows: readonly ModelInstall[],
): Promise<{ readonly pointer: Pointer; readonly isMended: boolean }> {
  if (!(await folder.isDamaged())) return { pointer: await folder.pointer(), isMended: false };
  const pointer = fromRows(rows);
  if (pointer.running === null) return { pointer: noPointer, isMended: false };
  return { pointer: await folder.point(pointer), isMended: true };
}
