/**
 * Head office is found by name over real UDP. On loopback by unicast: a build machine's network may carry no multicast;
 * the messages are those that go to 224.0.0.251.
 */
import { expect, it } from 'vitest';
import { announce } from '#sync-server/lan/announce.ts';
import { findServers } from '#till/lan/find-servers.ts';

it('is found by its name while it is there', async () => {
  const name = 'शर्मा किराना, हेड ऑफ़िस';
  const there = await announce({ name, port: 4280, listen: { host: '127.0.0.1', port: 0 } });
  expect(there).not.toBeNull();
  const target = { address: '127.0.0.1', port: there?.port ?? 0 };
  expect(await findServers(300, target)).toEqual([{ name, url: 'http://127.0.0.1:4280' }]);
  await there?.stop();
  expect(await findServers(100, target)).toEqual([]);
});

it('finds nothing without harm where nobody is', async () => {
  expect(Array.isArray(await findServers(100))).toBe(true);
});
