/**
 * A FAKE of the electron module, for its binary cannot be had where only package registries are reached. Each
 * part is typed by electron's own electron.d.ts, so a renamed method breaks the types; that Electron behaves as
 * the fake does is not proved here. It records what the shell asks for and lets a test play the other side.
 */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { vi } from 'vitest';

export type Handler = (request: Request) => Promise<Response>;

export class FakeFrame {
  readonly posted: { channel: string; ports: readonly unknown[] }[] = [];
  url: string;
  readonly parent: FakeFrame | null;
  constructor(url: string, parent: FakeFrame | null = null) {
    this.url = url;
    this.parent = parent;
  }
  isDestroyed(): boolean {
    return false;
  }
  postMessage(channel: string, _message: unknown, ports: readonly unknown[]): void {
    this.posted.push({ channel, ports });
  }
}

export class FakeContents extends EventEmitter {
  windowOpenHandler: ((details: { url: string }) => { action: string }) | undefined;
  reloads = 0;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
}

export class FakeChild extends EventEmitter {
  readonly posted: { message: unknown; ports: readonly unknown[] }[] = [];
  killed = 0;
  readonly path: string;
  readonly args: readonly string[];
  readonly options: Electron.ForkOptions;
  constructor(path: string, args: readonly string[], options: Electron.ForkOptions) {
    super();
    this.path = path;
    this.args = args;
    this.options = options;
  }
  postMessage(message: unknown, ports: readonly unknown[] = []): void {
    this.posted.push({ message, ports });
  }
  kill(): boolean {
    this.killed += 1;
    return true;
  }
}

/** A new fake for each test: nothing of one test is seen by the next. */
export function makeFakeElectron(options: { readonly isFirst?: boolean; readonly isPackaged?: boolean } = {}) {
  const windows: FakeWindow[] = [];
  const children: FakeChild[] = [];
  const channels: { port1: object; port2: object }[] = [];
  const served = new Map<string, Handler>();
  const order: string[] = [];

  class FakeWindow extends EventEmitter {
    readonly webContents = new FakeContents();
    readonly loaded: string[] = [];
    shown = false;
    /** Shown without being given the keyboard. */
    shownQuietly = false;
    destroyed = false;
    bounds: Electron.Rectangle = { x: 0, y: 0, width: 1366, height: 768 };
    focused = 0;
    minimized = false;
    readonly given: Electron.BrowserWindowConstructorOptions;
    constructor(given: Electron.BrowserWindowConstructorOptions) {
      super();
      this.given = given;
      windows.push(this);
      app.emit('web-contents-created', {}, this.webContents);
    }
    loadURL(url: string): Promise<void> {
      this.loaded.push(url);
      return Promise.resolve();
    }
    show(): void {
      this.shown = true;
    }
    showInactive(): void {
      this.shownQuietly = true;
    }
    getBounds(): Electron.Rectangle {
      return this.bounds;
    }
    isDestroyed(): boolean {
      return this.destroyed;
    }
    destroy(): void {
      this.destroyed = true;
      this.emit('closed');
    }
    isMinimized(): boolean {
      return this.minimized;
    }
    restore(): void {
      this.minimized = false;
    }
    focus(): void {
      this.focused += 1;
    }
  }

  const app = Object.assign(new EventEmitter(), {
    isPackaged: options.isPackaged ?? false,
    requestSingleInstanceLock: () => options.isFirst ?? true,
    enableSandbox: () => void order.push('enableSandbox'),
    getPath: (name: string) => `/home/${name}`,
    setPath: vi.fn(),
    quit: vi.fn(),
    whenReady: () => Promise.resolve(),
  } satisfies Partial<Electron.App>);

  const displays: Pick<Electron.Display, 'id' | 'bounds'>[] = [
    { id: 1, bounds: { x: 0, y: 0, width: 1366, height: 768 } },
  ];
  const first = (): Electron.Display => displays[0] as Electron.Display;
  const holds = ({ bounds: b }: Pick<Electron.Display, 'bounds'>, { x, y }: Electron.Rectangle): boolean =>
    x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height;
  const screen = Object.assign(new EventEmitter(), {
    getAllDisplays: () => displays as Electron.Display[],
    getDisplayMatching: (rect: Electron.Rectangle) =>
      (displays.find((display) => holds(display, rect)) as Electron.Display | undefined) ?? first(),
  } satisfies Partial<Electron.Screen>);

  const sessionFake = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn<Electron.Session['setPermissionRequestHandler']>(),
    setPermissionCheckHandler: vi.fn<Electron.Session['setPermissionCheckHandler']>(),
    setDevicePermissionHandler: vi.fn<Electron.Session['setDevicePermissionHandler']>(),
    webRequest: { onBeforeRequest: vi.fn<(listener: Parameters<Electron.WebRequest['onBeforeRequest']>[0]) => void>() },
  });

  const electron = {
    app,
    BrowserWindow: FakeWindow,
    screen,
    session: { defaultSession: sessionFake },
    ipcMain: new EventEmitter(),
    dialog: { showErrorBox: vi.fn<Electron.Dialog['showErrorBox']>() },
    Menu: { setApplicationMenu: vi.fn<(menu: Electron.Menu | null) => void>() },
    MessageChannelMain: class {
      readonly port1 = { end: 'till' };
      readonly port2 = { end: 'page' };
      constructor() {
        channels.push(this);
      }
    },
    utilityProcess: {
      fork: (path: string, args: readonly string[], options: Electron.ForkOptions) => {
        const child = new FakeChild(path, args, options);
        children.push(child);
        return child;
      },
    },
    protocol: {
      registerSchemesAsPrivileged: vi.fn<Electron.Protocol['registerSchemesAsPrivileged']>(() => {
        order.push('registerScheme');
      }),
      handle: (scheme: string, handler: Handler) => void served.set(scheme, handler),
    },
    contextBridge: { exposeInMainWorld: vi.fn<Electron.ContextBridge['exposeInMainWorld']>() },
    ipcRenderer: Object.assign(new EventEmitter(), { send: vi.fn<Electron.IpcRenderer['send']>() }),
  };
  return { electron, app, windows, children, channels, served, order, screen, displays, session: sessionFake };
}

export type FakeElectron = ReturnType<typeof makeFakeElectron>;
