/** Devices (F12 9), in short: scanner, printer, scale, drawer, each with its state in words; where the printer
 * hangs; a test page. Rule kept: always leavable, a missing device stops no bill. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { DevicesView } from '#contract/views.ts';
import { formatQty } from '#core/quantity.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { goTo } from '../counter/ui-store.ts';
import { useForm } from '../keys/form-stack.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { type Say, useWords, type Word } from '../words/words.ts';
import { PrinterForm } from './printer-form.tsx';

const printerState: Readonly<Record<DevicesView['printer'], Word>> = {
  ready: 'devWorks',
  notSet: 'devNotConnected',
  offline: 'printerOffline',
  paperOut: 'printerPaperOut',
  coverOpen: 'printerCoverOpen',
  error: 'printerError',
};

function Device(props: {
  readonly icon: IconName;
  readonly word: Word;
  readonly state: string;
  readonly tone: 'good' | 'bad' | 'quiet';
  readonly under: string;
  readonly isChosen?: boolean;
}) {
  const { say } = useWords();
  const { icon, word, state, tone, under, isChosen } = props;
  return (
    <div className={isChosen === true ? 'bm-device bm-device-chosen' : 'bm-device'}>
      <Icon name={icon} size={24} />
      <span>
        <b>{say(word)}</b>
        <br />
        <span className={tone === 'quiet' ? 'bm-hint' : `bm-hint bm-${tone}-text`}>
          {tone === 'quiet' ? null : <Icon name={tone === 'good' ? 'checkRound' : 'alert'} size={16} />}
          {state}
        </span>
        <br />
        <small>{under}</small>
      </span>
    </div>
  );
}

const printerTone = (devices: DevicesView): 'good' | 'bad' | 'quiet' =>
  devices.printer === 'ready' ? 'good' : devices.printer === 'notSet' ? 'quiet' : 'bad';
const printerWords = (devices: DevicesView, say: Say): string =>
  say(printerState[devices.printer], { jobs: say('jobsWait', { count: devices.waitingJobs }) });

export function DevicesScreen() {
  const { say } = useWords();
  const devices = useStore(sessionStore, (session) => session.devices);
  const [scanned, setScanned] = useState('');
  const back = (): void => goTo('counter');
  useForm({ name: 'devices', back, accept: back, scan: (code) => setScanned(code.slice(0, 60)) });
  return (
    <>
      <main className="bm-devices" data-testid="devices-screen">
        <section className="bm-card">
          <Device
            icon="scan"
            word="devScanner"
            state={scanned === '' ? say('devScannerHelp') : say('devScanned', { code: scanned })}
            tone={scanned === '' ? 'quiet' : 'good'}
            under=""
          />
          {devices === null ? null : (
            <>
              <Device
                icon="printer"
                word="devPrinter"
                isChosen
                state={printerWords(devices, say)}
                tone={printerTone(devices)}
                under={devices.printerName ?? ''}
              />
              <Device icon="register" word="devDrawer" state={say('devDrawerHelp')} tone="quiet" under="" />
              <Device
                icon="scale"
                word="devScale"
                state={say(devices.isScalePresent ? 'devWorks' : 'devNotConnected')}
                tone={devices.isScalePresent ? 'good' : 'quiet'}
                under={devices.scaleMilli === null ? '' : say('scale', { weight: formatQty(devices.scaleMilli, 'kg') })}
              />
            </>
          )}
        </section>
        <section className="bm-card bm-pad bm-grow" data-form="devices">
          <h1>{say('devPrinterWays')}</h1>
          <PrinterForm />
          <p className="bm-remark">
            <Icon name="info" size={18} />
            {say('devSafe')}
          </p>
          <UnstyledButton className="bm-link" onClick={back}>
            {say('setupLater')}
          </UnstyledButton>
        </section>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupForm',
            hints: [
              { key: 'CtrlA', cap: 'Ctrl A', word: 'kAccept' },
              { key: 'Escape', cap: 'Esc', word: 'kBack' },
            ],
          },
        ]}
      />
    </>
  );
}
