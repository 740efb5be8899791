/**
 * `npm run emulate -- printer --tcp PORT [--width 58|80] [--out DIR] [--mute]`: a receipt printer on this PC. Each
 * receipt is printed as text here and, with --out, kept as a PNG, dot for dot. Keys while it runs: p paper out or
 * in, o offline or on, c cut the link in the next job. Thin: the printer is hardware/printer/emulator-server.ts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawReceipt } from '#hardware/printer/emulator-picture.ts';
import { type PrintedReceipt, printedText } from '#hardware/printer/emulator-paper.ts';
import { type EmulatorServer, startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import { bitmapToPng } from '#hardware/text/bitmap.ts';
import { openTextRaster } from '#hardware/text/raster.ts';

const usage = 'usage: npm run emulate -- printer --tcp PORT [--width 58|80] [--out DIR] [--mute]\n';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tcp: { type: 'string' },
    width: { type: 'string', default: '80' },
    out: { type: 'string' },
    mute: { type: 'boolean', default: false },
  },
});
const port = Number(values.tcp);
if (positionals[0] !== 'printer' || !Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write(usage);
  process.exit(2);
}
if (values.width !== '58' && values.width !== '80') {
  process.stderr.write(usage);
  process.exit(2);
}

const raster = await openTextRaster();
const out = values.out ?? null;
if (out !== null) mkdirSync(out, { recursive: true });
let printed = 0;

function show(receipt: PrintedReceipt): void {
  printed++;
  const edge = '─'.repeat(receipt.widthDots / 12);
  const drawer = receipt.pulses.map((pulse) => `drawer kicked (pin ${pulse.pin === 0 ? 2 : 5}, ${pulse.onMs} ms)`);
  const unknown = receipt.unknown.length === 0 ? [] : [`unknown commands: ${receipt.unknown.join(' ')}`];
  process.stdout.write(`${[edge, ...printedText(receipt), edge, ...drawer, ...unknown].join('\n')}\n`);
  if (out === null) return;
  const file = join(out, `receipt-${String(printed).padStart(4, '0')}.png`);
  writeFileSync(file, bitmapToPng(drawReceipt(receipt, raster)));
  process.stdout.write(`${file}\n`);
}

const server = await startEmulatorServer({
  port,
  widthDots: values.width === '58' ? 384 : 576,
  hasStatus: !values.mute,
  onReceipt: show,
});
process.stdout.write(`printer of ${values.width} mm on 127.0.0.1:${server.port}\n`);
listenToKeys(server);

function listenToKeys(emulated: EmulatorServer): void {
  if (!process.stdin.isTTY) return;
  let hasPaper = true;
  let isOnline = true;
  process.stdin.setRawMode(true);
  process.stdin.on('data', (key: Buffer) => {
    const letter = key.toString();
    if (letter === '\u0003' || letter === 'q') process.exit(0);
    if (letter === 'p') hasPaper = !hasPaper;
    if (letter === 'o') isOnline = !isOnline;
    emulated.setState({ paper: hasPaper ? 'ok' : 'out', isOnline });
    if (letter === 'c') emulated.cutAfter(400);
    process.stdout.write(`paper ${hasPaper ? 'in' : 'out'}, ${isOnline ? 'online' : 'offline'}\n`);
  });
}
