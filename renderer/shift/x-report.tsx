/** The X report (F12 3): the shift so far. Rule kept: it closes nothing. */
import { useEffect, useState } from 'react';
import type { ShiftReport } from '#contract/views.ts';
import { tellRefusal } from '../counter/till-calls.ts';
import { closePanel, tell } from '../counter/ui-store.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton, Dialog } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { ReportView } from './report-view.tsx';

export function XReport() {
  const { say } = useWords();
  const [report, setReport] = useState<ShiftReport | null>(null);
  useEffect(() => {
    void ask((till) => till.shift.report()).then((answer) => {
      if (answer.ok) setReport(answer.value);
      else {
        tellRefusal(answer.error);
        closePanel();
      }
    });
  }, []);
  const print = async (): Promise<void> => {
    const answer = await ask((till) => till.shift.printReport());
    if (answer.ok) tell(() => say('reportSent'), 'good');
    else tellRefusal(answer.error);
    closePanel();
  };
  return (
    <Dialog
      title={say('xTitle')}
      help={say('xHelp')}
      size="small"
      keys={{ name: 'xReport', back: closePanel, enter: closePanel, print: () => void print() }}
      footer={
        <>
          <ActionButton look="main" cap="Ctrl P" onPress={() => void print()} testId="print-report">
            {say('printReport')}
          </ActionButton>
          <ActionButton look="quiet" cap="Esc" onPress={closePanel}>
            {say('kBack')}
          </ActionButton>
        </>
      }
    >
      {report === null ? null : <ReportView report={report} />}
    </Dialog>
  );
}
