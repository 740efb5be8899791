/**
 * The till's page of backups (F12, B): when and where the last good copy was made, where copies go, one now. Rule kept:
 * what a person is to do is said first; all that is shown the till said. It opens no copy.
 */
import { useCallback, useState } from 'react';
import type { BackupTarget, BackupTrouble, BackupView } from '#contract/till-backup.ts';
import { errorText } from '../counter/till-calls.ts';
import { closePanel } from '../counter/ui-store.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { RecoveryCode } from '../setup/owner-page.tsx';
import { clockTime, shortDay } from '../words/formats.ts';
import { type Say, useWords, type Word } from '../words/words.ts';
import { useBackupView } from './backup-state.tsx';

const troubleWords = {
  folderMissing: 'baFolderMissing',
  folderReadOnly: 'baFolderReadOnly',
  diskFull: 'baDiskFull',
  noServer: 'baNoServer',
  notEnrolled: 'baNotEnrolled',
  booksDamaged: 'baBooksDamaged',
  notReadable: 'baNotReadable',
  fault: 'baFault',
} as const satisfies Record<BackupTrouble, Word>;
const doingWords = {
  copying: 'baCopying',
  writing: 'baWriting',
  checking: 'baChecking',
  sending: 'baSending',
} as const satisfies Record<NonNullable<BackupView['running']>['doing'], Word>;

type PlaceProps = {
  readonly view: BackupView;
  readonly target: BackupTarget;
  readonly say: Say;
  readonly at: (ms: number) => string;
};

function Place({ view, target, say, at }: PlaceProps) {
  const last = view.last[target];
  const trouble = view.trouble[target];
  const running = view.running?.target === target ? view.running : null;
  const help = target === 'folder' ? say('baDaily', { count: view.keep }) : say('baHourly');
  return (
    <section data-testid={`backup-to-${target}`}>
      <b>{say(target === 'folder' ? 'baToFolder' : 'baToHeadOffice')}</b>
      <p>{say('baLast', { at: last === null ? say('baNever') : at(last.atMs) })}</p>
      {trouble === null ? null : (
        <p className="bm-field-error" role="alert">
          {say(troubleWords[trouble])}
        </p>
      )}
      {running === null ? (
        <p className="bm-dialog-help">{help}</p>
      ) : (
        <p role="status">
          {say(doingWords[running.doing])}{' '}
          {running.total === 0 ? null : <progress value={running.done} max={running.total} />}
        </p>
      )}
    </section>
  );
}

export function BackupPanel() {
  const { say, language } = useWords();
  const view = useBackupView();
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const at = useCallback((ms: number) => `${shortDay(ms, language)}, ${clockTime(ms, language)}`, [language]);
  const folder = typed ?? view?.folder ?? '';
  // The owner alone may choose; for others there is nothing to choose from.
  const found = useAnswer('places', (till) => till.backup.places());
  const places = found?.ok === true ? found.value : [];
  const tell = (answer: { readonly ok: boolean; readonly error?: unknown }): void =>
    setError(answer.ok ? '' : errorText(answer.error as Parameters<typeof errorText>[0]));
  const choose = async (path: string | null): Promise<void> => {
    const answer = await ask((till) => till.backup.setFolder({ folder: path }));
    tell(answer);
    if (answer.ok) setTyped(null);
  };
  const now = async (): Promise<void> => tell(await ask((till) => till.backup.runNow()));
  const renew = async (): Promise<void> => {
    const answer = await ask((till) => till.backup.newCode());
    tell(answer);
    if (answer.ok) setCode(answer.value.recoveryCode);
  };
  const isChanged = typed !== null && typed.trim() !== '' && typed !== view?.folder;
  const go = (): void => void (isChanged ? choose(folder.trim()) : now());
  return (
    <Dialog
      title={say('baTitle')}
      help={say('baHelp')}
      keys={{ name: 'backup', back: closePanel, enter: go }}
      footer={
        <>
          <ActionButton look="main" cap="Enter" onPress={go} testId="backup-go">
            {say(isChanged ? 'baSave' : 'baNow')}
          </ActionButton>
          {view?.folder == null ? null : (
            <ActionButton onPress={() => void choose(null)} testId="backup-stop">
              {say('baStop')}
            </ActionButton>
          )}
          <ActionButton look="quiet" cap="Esc" onPress={closePanel}>
            {say('kBack')}
          </ActionButton>
        </>
      }
    >
      {view === null ? null : (
        <div className="bm-stack">
          {view.isLate ? (
            <p className="bm-field-error" role="alert" data-testid="backup-late">
              {say('baLate')}
            </p>
          ) : null}
          <Place view={view} target="folder" say={say} at={at} />
          {view.isSameDisk ? <p className="bm-field-error">{say('baSameDisk')}</p> : null}
          <Field label={say('baFolder')} value={folder} onText={setTyped} isDefault testId="backup-folder" />
          {view.folder === null && places.length === 0 ? <p className="bm-dialog-help">{say('baFolderNone')}</p> : null}
          {places.map((place) => (
            <ActionButton key={place.path} onPress={() => void choose(place.path)}>
              {say('baPlaceFree', { path: place.path, gb: Math.floor(place.freeBytes / 1_000_000_000) })}
            </ActionButton>
          ))}
          {view.isJoined ? (
            <Place view={view} target="headOffice" say={say} at={at} />
          ) : (
            <p className="bm-dialog-help">{say('baNotJoined')}</p>
          )}
          {view.hasCode || code !== null ? null : (
            <>
              <p>{say('baNoCode')}</p>
              <ActionButton onPress={() => void renew()} testId="backup-new-code">
                {say('baNewCode')}
              </ActionButton>
            </>
          )}
          {code === null ? null : (
            <>
              <RecoveryCode code={code} />
              <p className="bm-dialog-help">{say('baNewCodeHelp')}</p>
            </>
          )}
        </div>
      )}
      <div className="bm-field-error" role="alert">
        {error}
      </div>
    </Dialog>
  );
}
