/**
 * The emulator behind TCP 9100: a network printer for tests, demos and `npm run emulate`. Rule kept: it fails as real
 * ones do: no paper, cover open, a link cut after any byte, a slow head that stops taking bytes, silence when
 * asked. It listens on loopback unless told otherwise.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Machine, type MachineOptions, makeMachine } from './emulator-machine.ts';

export type EmulatorServerOptions = MachineOptions & {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
};

export type EmulatorServer = Machine & {
  readonly port: number;
  readonly close: () => Promise<void>;
};

export async function startEmulatorServer(options: EmulatorServerOptions = {}): Promise<EmulatorServer> {
  const sockets = new Set<Socket>();
  const machine = makeMachine(options);
  const server = createServer((socket) => {
    sockets.add(socket);
    const link = machine.plug({
      send: (bytes) => void (socket.writable && socket.write(bytes)),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      cut: () => void socket.resetAndDestroy(),
    });
    let isBroken = false;
    // A reset by the other side is a cut cable: the half command is forgotten, the paper stays.
    socket.on('error', () => {
      isBroken = true;
    });
    socket.on('close', () => {
      sockets.delete(socket);
      link.ended(isBroken);
    });
    socket.on('data', link.take);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return {
    ...machine,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
