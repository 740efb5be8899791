/**
 * The house's law as data: who may import whom (design.md), which packages each folder may use, and the words
 * and numbers the other rules go by. Rule kept: a change of the architecture is a change of this file and of
 * nothing else in this folder. It holds no code that decides.
 */
export type Folder =
  | 'core'
  | 'contract'
  | 'db'
  | 'hardware'
  | 'ml'
  | 'till'
  | 'renderer'
  | 'sync-server'
  | 'electron'
  | 'assets'
  | 'tools'
  | 'tests'
  | 'root';

export type FolderLaw = {
  /** Folders whose files may be imported, besides its own; 'any' for tools and tests. */
  readonly folders: readonly Folder[] | 'any';
  /** Folders from which only `import type` is allowed. */
  readonly typesOnly?: readonly Folder[];
  /** Packages (by name, or a scope ending in '/*'); 'any' where the table sets no limit. */
  readonly packages: readonly string[] | 'any';
  /** node:* modules: none, any, or all but these. */
  readonly node: 'none' | 'any' | { readonly except: readonly string[] };
};

const network = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns'] as const;

export const importTable: Readonly<Record<Folder, FolderLaw>> = {
  core: { folders: [], packages: [], node: 'none' },
  contract: { folders: ['core'], packages: ['zod', '@orpc/contract'], node: 'none' },
  db: { folders: ['core'], packages: ['better-sqlite3', 'drizzle-orm'], node: { except: network } },
  // A receipt printer on port 9100 is a wire (node:net); a web service is not hardware.
  hardware: {
    folders: ['core'],
    packages: ['@napi-rs/canvas', 'qrcode', 'serialport', 'usb', 'koffi', 'bwip-js'],
    node: { except: ['http', 'https', 'http2', 'dns'] },
  },
  ml: { folders: ['core'], packages: 'any', node: { except: network } },
  till: { folders: ['core', 'contract', 'db', 'hardware', 'ml', 'assets'], packages: 'any', node: 'any' },
  renderer: { folders: ['contract', 'core', 'assets'], packages: 'any', node: 'none' },
  'sync-server': { folders: ['core', 'contract', 'ml'], packages: 'any', node: 'any' },
  electron: { folders: ['till'], packages: ['electron'], node: 'any' },
  assets: { folders: [], typesOnly: ['core'], packages: [], node: 'none' },
  tools: { folders: 'any', packages: 'any', node: 'any' },
  tests: { folders: 'any', packages: 'any', node: 'any' },
  root: { folders: [], packages: 'any', node: 'any' },
};

/** Packages that belong to one folder alone (tests and tools may fake or drive them). */
export const ownedPackages: Readonly<Record<string, readonly Folder[]>> = {
  electron: ['electron'],
  'better-sqlite3': ['db'],
  react: ['renderer'],
  'react-dom': ['renderer'],
  '@mantine/core': ['renderer'],
  '@mantine/hooks': ['renderer'],
  '@napi-rs/canvas': ['hardware'],
};

/** The one file of the till that the shell may load. */
export const electronMayImport = ['till/assemble.ts'] as const;

/** Values (not types) of core that the renderer may use: formatting, reading, and plain constructors. */
export const rendererCoreValues = {
  /** Files whose values are formatting or plain data. */
  files: [
    'core/money.ts',
    'core/quantity.ts',
    'core/time.ts',
    'core/result.ts',
    'core/ids.ts',
    // Taking a scanner's prefix off what it typed is reading.
    'core/catalogue/scan-dress.ts',
    // The bars of a code that a scanner is tried on: the ones labels are printed with.
    'core/label/linear-code.ts',
  ],
  /** Of those, what reckons: never on a screen. */
  banned: [
    'addPaise',
    'subtractPaise',
    'negatePaise',
    'divideHalfUp',
    'multiplyDivide',
    'amountOf',
    'shareOf',
    'allocate',
    'roundToStep',
  ],
} as const;

/** A name that holds money: arithmetic on it belongs to core. */
export const moneyName = /paise|payable|roundoff|sellingprice|costprice|taxablevalue|^mrp$/i;

/** Where time and chance must be handed in: files (or folders, ending in '/') in which reading them is a fault. */
export const clocklessPlaces = ['core/', 'contract/', 'ml/', 'db/', 'till/use-cases/'] as const;

/** Globals of a host that the pure folders never touch. */
export const hostGlobals = [
  'window',
  'document',
  'navigator',
  'localStorage',
  'sessionStorage',
  'fetch',
  'process',
  'Buffer',
  'require',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'console',
  'performance',
  'crypto',
  'WebSocket',
  'Worker',
] as const;
export const purePlaces = ['core/', 'contract/'] as const;

/** The homes of SQL text and of printer bytes. */
export const sqlHomes = ['db/', 'sync-server/', 'tests/', 'drizzle.config.ts'] as const;
export const byteHomes = ['hardware/', 'tests/'] as const;

/** Use cases do not import each other: what two share moves down. */
export const useCaseHome = 'till/use-cases/';

export const bannedWords = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'managers'] as const;

export const budget = { file: 400, test: 600, electronTogether: 300 } as const;

/** Files in which a tool's own form demands a default export. */
export const defaultExportAllowed = /^(renderer\/)?[a-z]+\.config\.ts$/;
