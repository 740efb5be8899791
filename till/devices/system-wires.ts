/**
 * The wires of this PC as the finder lists them (hardware/wire/found.ts). Rule kept: nothing of it is loaded before
 * somebody looks; one watch serves all who look at the same time, and none runs while nobody does.
 */
import type { FoundWire } from '#hardware/wire/found.ts';
import type { ListedWire, WireLister } from './find.ts';

/** "Zebra DS2208": maker and product as one name, the maker not twice. */
export function nameOf(maker: string | null, product: string | null): string | null {
  if (maker === null || product === null) return product ?? maker;
  return product.toLowerCase().startsWith(maker.toLowerCase()) ? product : `${maker} ${product}`;
}

const listed = ({ target, maker, product, guess, trouble }: FoundWire): ListedWire => ({
  target,
  // A queue's own name is how Windows shows it; its driver says less.
  name: target.kind === 'windowsQueue' ? target.name : nameOf(maker, product),
  guess,
  trouble,
});

export function systemWires(): WireLister {
  const watchers = new Set<() => void>();
  let latest: readonly ListedWire[] | null = null;
  let stop: (() => void) | null = null;

  const begin = (): void => {
    let isOver = false;
    let end: () => void = () => {};
    stop = () => {
      isOver = true;
      end();
      latest = null;
    };
    void import('#hardware/wire/watch-wires.ts').then(({ watchWires }) => {
      if (isOver) return;
      end = watchWires(({ wires }) => {
        latest = wires.map(listed);
        for (const changed of [...watchers]) changed();
      });
    });
  };
  return {
    list: async () => {
      if (latest !== null) return latest;
      const { listWires } = await import('#hardware/wire/found.ts');
      return (await listWires()).map(listed);
    },
    watch: (changed) => {
      watchers.add(changed);
      if (stop === null) begin();
      return () => {
        watchers.delete(changed);
        if (watchers.size > 0 || stop === null) return;
        stop();
        stop = null;
      };
    },
    probe: async (signal, progress) => {
      const { lanHosts, probeNetworkPrinters, rawPort } = await import('#hardware/wire/probe-network.ts');
      const asListed = (host: string): ListedWire => ({
        target: { kind: 'tcp', host, port: rawPort },
        name: null,
        guess: 'printer',
        trouble: null,
      });
      const hosts = lanHosts();
      await probeNetworkPrinters(hosts, {
        signal,
        onProgress: (asked, total, found) => progress(asked, total, found.map(asListed)),
      });
    },
  };
}
