import { describe, expect, it } from 'vitest';
import type { DeviceKind, DeviceTrouble, FoundDevice } from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { type DeviceFacts, diagnose, isSameTarget } from './check.ts';

const pos80 = { vendorId: 0x0416, productId: 0x5011, serial: null };
const usb: WireTargetInput = { kind: 'usb', identity: pos80 };
const tcp: WireTargetInput = { kind: 'tcp', host: '192.168.1.50', port: 9100 };
const com3: WireTargetInput = {
  kind: 'serial',
  path: 'COM3',
  format: { baud: 9600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
  identity: { vendorId: 0x1a86, productId: 0x7523, serial: 'A1' },
};

const foundAt = (target: WireTargetInput, change: Partial<FoundDevice> = {}): FoundDevice => ({
  id: JSON.stringify(target),
  target,
  name: null,
  place: 'somewhere',
  guess: null,
  usedBy: null,
  trouble: null,
  ...change,
});
const facts = (change: Partial<DeviceFacts>): DeviceFacts => ({
  kind: 'printer',
  platform: 'win32',
  set: usb,
  place: 'USB 0416:5011',
  trouble: null,
  isLooking: false,
  paper: { isLow: false, canTell: true },
  lastHeard: null,
  setAside: 0,
  isPrinterWorking: true,
  found: [foundAt(usb, { guess: 'printer', usedBy: 'printer' })],
  ...change,
});
const ways = (change: Partial<DeviceFacts>): readonly string[] => diagnose(facts(change)).ways.map((way) => way.id);
const checks = (change: Partial<DeviceFacts>): Record<string, string> =>
  Object.fromEntries(diagnose(facts(change)).checks.map((one) => [one.id, `${one.outcome} ${one.detail}`]));

describe('a printer whose driver holds it (the picture of screens.md §5.19)', () => {
  const queue = foundAt({ kind: 'windowsQueue', name: 'POS-80' }, { name: 'POS-80', guess: 'printer' });
  const held = { trouble: 'busy' as const, found: [foundAt(usb, { usedBy: 'printer' }), queue] };

  it('offers Windows first, then the printer itself, then another one', () => {
    expect(ways(held)).toEqual(['throughQueue', 'takeDirectly', 'choose']);
    expect(diagnose(facts(held)).ways[0]?.found?.name).toBe('POS-80');
    expect(diagnose(facts(held)).driver).toBe('POS-80');
  });
  it('says what was checked, and what can’t be asked', () => {
    expect(checks(held)).toEqual({
      cable: 'ok seenAt',
      driver: 'ok queueReady',
      write: 'bad heldByOther',
      paper: 'unknown cantAsk',
    });
  });
  it('elsewhere the other program is to be closed', () => {
    expect(ways({ ...held, platform: 'linux', found: [foundAt(usb)] })).toEqual(['closeOther', 'choose']);
  });
});

describe('what is not there', () => {
  it('is offered where it looks like this device and nobody uses it', () => {
    const other = foundAt(com3, { guess: 'printer' });
    const taken = foundAt(tcp, { guess: 'printer', usedBy: 'label' });
    const answer = diagnose(facts({ trouble: 'absent', found: [taken, other] }));
    expect(answer.ways.map((way) => way.found?.target ?? way.id)).toEqual([com3, 'plugIn', 'choose']);
    expect(answer.checks[0]).toMatchObject({ id: 'cable', outcome: 'bad', detail: 'notSeen' });
  });
  it('on the network is looked for there', () => {
    expect(ways({ set: tcp, place: 'x', trouble: 'timeout', found: [] })).toEqual([
      'plugIn',
      'searchNetwork',
      'choose',
    ]);
    expect(checks({ set: tcp, place: 'x', trouble: 'timeout', found: [] })['cable']).toBe('bad noAnswerAt');
  });
  it('that refuses answers all the same', () => {
    expect(checks({ set: tcp, place: 'x', trouble: 'refused', found: [] })).toEqual({
      cable: 'ok answersAt',
      driver: 'unknown noQueue',
      write: 'bad refusedAt',
      paper: 'unknown cantAsk',
    });
  });
  it('nothing set: what was found comes first', () => {
    const none = { set: { kind: 'none' } as const, place: null };
    expect(diagnose(facts({ ...none, found: [] })).problem).toBe('notSet');
    expect(ways({ ...none, found: [] })).toEqual(['searchNetwork', 'choose', 'settings']);
    expect(diagnose(facts({ ...none, found: [foundAt(usb, { guess: 'printer' })] })).problem).toBe('found');
    expect(ways({ ...none, found: [foundAt(usb, { guess: 'printer' })] })[0]).toBe('useFound');
  });
});

describe('paper', () => {
  it('a model that says nothing is not called fine', () => {
    expect(checks({ paper: { isLow: false, canTell: false } })['paper']).toBe('unknown noStatus');
  });
  it('receipts set aside wait for a person: they come first', () => {
    expect(ways({})).toEqual(['test', 'settings', 'choose']);
    expect(ways({ setAside: 2 })).toEqual(['retry', 'test', 'settings']);
  });
  it('near its end is a warning, not a trouble', () => {
    const low = diagnose(facts({ paper: { isLow: true, canTell: true } }));
    expect(low.problem).toBe('paperLow');
    expect(low.checks.find((one) => one.id === 'paper')).toMatchObject({ outcome: 'unknown', detail: 'paperLow' });
  });
  it.each(['paperOut', 'coverOpen', 'error'] as const)('%s: the wire is good, the paper is not', (trouble) => {
    expect(checks({ trouble })).toMatchObject({
      cable: 'ok seenAt',
      write: 'ok mayWrite',
      paper: `bad ${trouble === 'error' ? 'printerError' : trouble}`,
    });
  });
});

describe('a scale', () => {
  const scale = { kind: 'scale' as const, set: com3, paper: null, found: [foundAt(com3)] };
  it('that sends something else: its speed is looked for first', () => {
    expect(ways({ ...scale, trouble: 'garbled' })).toEqual(['findSpeed', 'settings', 'choose']);
    expect(checks({ ...scale, trouble: 'garbled' })).toMatchObject({
      hears: 'ok hearsBytes',
      reads: 'bad readsNothing',
    });
  });
  it('not set: a plain adapter may be it, one in use is not', () => {
    const plain = foundAt(com3);
    const taken = foundAt({ ...com3, path: 'COM4', identity: null }, { usedBy: 'scanner' });
    const answer = diagnose(facts({ ...scale, set: { kind: 'none' }, place: null, found: [taken, plain] }));
    expect(answer.problem).toBe('found');
    expect(answer.ways.map((way) => way.found?.target ?? way.id)).toEqual([com3, 'choose', 'settings']);
  });
  it('that works shows the weight it read', () => {
    expect(diagnose(facts({ ...scale, lastHeard: '0.000 kg' })).checks.at(-1)).toMatchObject({
      detail: 'readsValue',
      value: '0.000 kg',
    });
  });
  it('whose port is shut: nothing is said of what lies behind it', () => {
    expect(checks({ ...scale, trouble: 'noPermission' })).toMatchObject({
      write: 'bad noRight',
      hears: 'unknown notTried',
      reads: 'unknown notTried',
    });
    expect(ways({ ...scale, trouble: 'noPermission' })).toEqual(['permit', 'choose']);
  });
});

describe('every device in every trouble', () => {
  const kinds: readonly DeviceKind[] = ['scanner', 'printer', 'drawer', 'scale', 'display', 'label'];
  const troubles: readonly DeviceTrouble[] = [
    'absent',
    'noPermission',
    'busy',
    'refused',
    'timeout',
    'unsupported',
    'broken',
    'garbled',
    'silent',
    'offline',
    'paperOut',
    'coverOpen',
    'error',
  ];
  /** A drawer and a pole display neither print nor speak: only their wire can be in trouble. */
  const ofWires = troubles.slice(0, 7);
  const canHave = (kind: DeviceKind): readonly DeviceTrouble[] =>
    kind === 'drawer' || kind === 'display' ? ofWires : troubles;
  it.each(kinds.flatMap((kind) => canHave(kind).map((trouble) => [kind, trouble] as const)))(
    '%s, %s: one to three ways, each once, and nothing bad called good',
    (kind, trouble) => {
      const answer = diagnose(facts({ kind, trouble, set: com3, found: [] }));
      expect(answer.problem).toBe(trouble);
      expect(answer.ways.length).toBeGreaterThan(0);
      expect(answer.ways.length).toBeLessThanOrEqual(3);
      expect(new Set(answer.ways.map((way) => way.id)).size).toBe(answer.ways.length);
      expect(answer.checks.every((one) => one.outcome === 'ok')).toBe(false);
    },
  );
});

describe('the same thing in another socket', () => {
  it('is known by what it is, not by its name', () => {
    expect(isSameTarget(com3, { ...com3, path: 'COM7' })).toBe(true);
    expect(isSameTarget(com3, { ...com3, path: 'COM7', identity: null })).toBe(false);
    expect(isSameTarget(usb, { kind: 'usb', identity: { ...pos80, serial: 'X' } })).toBe(true);
    expect(isSameTarget(usb, com3)).toBe(false);
    expect(isSameTarget(tcp, { ...tcp, port: 9101 })).toBe(false);
  });
});
