/**
 * `npm run emulate -- printer|scanner|scale|display|drawer|label [--tcp PORT | --pty] [--kind KIND] [--page PORT]`: a
 * device on this PC, with a page that shows it at work (the URL is printed) and its buttons as keys here. Thin: the
 * devices are hardware/*'s emulators, their desks and the page are tools/emulate/.
 */
import { parseArgs } from 'node:util';
import { NoCable, type Place } from './emulate/cable.ts';
import {
  kindsOf,
  openDisplayDesk,
  openDrawerDesk,
  openLabelDesk,
  openScaleDesk,
  openScannerDesk,
} from './emulate/counter-devices.ts';
import type { Desk } from './emulate/desk.ts';
import { openPrinterDesk } from './emulate/printer.ts';
import { servePage } from './emulate/serve.ts';

const usage = `usage: npm run emulate -- printer [--tcp PORT | --pty] [--width 58|80] [--speed MM_A_SECOND] [--out DIR] [--mute]
       npm run emulate -- scanner|scale|display|drawer|label [--tcp PORT | --pty] [--kind KIND]
       each: [--page PORT] for its page
${Object.entries(kindsOf)
  .map(([device, kinds]) => `       ${device} --kind ${kinds.join('|')}`)
  .join('\n')}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tcp: { type: 'string' },
    pty: { type: 'boolean', default: false },
    kind: { type: 'string' },
    page: { type: 'string', default: '0' },
    width: { type: 'string', default: '80' },
    speed: { type: 'string', default: '150' },
    out: { type: 'string' },
    mute: { type: 'boolean', default: false },
  },
});

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;
/** The kind that was asked for, or the usual one; undefined: there is none of that name. */
const kind = <T extends string>(kinds: readonly T[]): T | undefined =>
  values.kind === undefined ? kinds[0] : kinds.find((one) => one === values.kind);

function openDesk(place: Place): Promise<Desk> | null {
  const port = place?.tcpPort ?? null;
  switch (positionals[0]) {
    case 'printer': {
      const widthMm = values.width === '58' ? 58 : values.width === '80' ? 80 : null;
      const mmPerSecond = Number(values.speed);
      if (widthMm === null || !(mmPerSecond > 0)) return null;
      return openPrinterDesk({ place, widthMm, mmPerSecond, isMute: values.mute, out: values.out ?? null });
    }
    case 'scanner': {
      const ends = kind(kindsOf.scanner);
      return ends === undefined ? null : openScannerDesk(place, ends);
    }
    case 'scale': {
      const protocol = kind(kindsOf.scale);
      return protocol === undefined ? null : openScaleDesk(place, protocol);
    }
    case 'display':
      return openDisplayDesk(place);
    case 'drawer': {
      const pulse = kind(kindsOf.drawer);
      return pulse === undefined ? null : openDrawerDesk(place, pulse);
    }
    case 'label': {
      const language = kind(kindsOf.label);
      return language === undefined || port === null ? null : openLabelDesk(port, language);
    }
    default:
      return null;
  }
}

async function main(): Promise<number> {
  const tcpPort = Number(values.tcp ?? 0);
  const pagePort = Number(values.page);
  const place: Place = values.pty ? null : { tcpPort };
  const opening = isPort(tcpPort) && isPort(pagePort) ? openDesk(place) : null;
  if (opening === null) {
    process.stderr.write(usage);
    return 2;
  }
  const desk = await opening;
  const page = await servePage(desk, pagePort);
  process.stdout.write(`${desk.title}: ${desk.place}\nIts picture: ${page.url}\n`);
  listenToKeys(desk);
  return 0;
}

function listenToKeys(desk: Desk): void {
  if (!process.stdin.isTTY) return;
  const keys = desk.controls.flatMap((control) => (control.kind === 'button' ? [control] : []));
  process.stdout.write(`${keys.map(({ key, label }) => `${key} ${label}`).join(', ')}, q quit\n`);
  process.stdin.setRawMode(true);
  process.stdin.on('data', (bytes: Buffer) => {
    const letter = bytes.toString();
    if (letter === '\u0003' || letter === 'q') void desk.close().then(() => process.exit(0));
    keys.find(({ key }) => key === letter)?.press();
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!(error instanceof NoCable) && !isTaken) throw error;
  process.stderr.write(isTaken ? 'Another program has that port. Give another number.\n' : `${error.message}\n`);
  process.exitCode = 3;
}
