/** Where the first items come from: a file, the starter list, or later. Rule kept: later is a full answer; the
 * first bill needs no catalogue. */
import { useState } from 'react';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import { useWords, type Word } from '../words/words.ts';

export function ItemsPage({ onImport, onDone }: { readonly onImport: () => void; readonly onDone: () => void }) {
  const { say } = useWords();
  const [told, setTold] = useState('');
  const starter = async (): Promise<void> => {
    const answer = await ask((till) => till.shop.addStarterItems());
    setTold(answer.ok ? say('starterAdded', { count: answer.value.added }) : errorText(answer.error));
  };
  const way = (icon: IconName, word: Word, help: Word, run: () => void) => (
    <button type="button" className="bm-way" onClick={run} data-testid={word}>
      <Icon name={icon} size={26} />
      <span>
        <b>{say(word)}</b>
        <br />
        <small>{say(help)}</small>
      </span>
    </button>
  );
  return (
    <div className="bm-stack">
      {way('upload', 'itemsImport', 'itemsImportHelp', onImport)}
      {way('receipt', 'itemsStarter', 'itemsStarterHelp', () => void starter())}
      {way('check', 'itemsLater', 'itemsLaterHelp', onDone)}
      <div className="bm-good-text" role="status">
        {told}
      </div>
    </div>
  );
}
