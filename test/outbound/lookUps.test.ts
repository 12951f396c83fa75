import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { lookUpProgram } from '../../src/outbound/lookUpProgram.ts';
import { createLookUps, type LookUpBounds, type LookUps } from '../../src/outbound/lookUps.ts';
import { createPost } from '../../src/outbound/post.ts';
import { createSendAction } from '../../src/outbound/sendAction.ts';

/** The program with a resolver that never answers for names beginning with hang, and leaves for one called gone. */
const hanging = lookUpProgram.replace(
  "const { lookup } = require('node:dns');",
  `const dns = require('node:dns');
   const lookup = (hostname, options, callback) => {
     if (hostname === 'gone') process.exit(3);
     if (hostname === 'process') return callback(null, [{ address: String(process.pid), family: 4 }]);
     if (hostname === 'slow') return setTimeout(() => callback(null, [{ address: '10.0.0.1', family: 4 }]), 250);
     if (!hostname.startsWith('hang')) dns.lookup(hostname, options, callback);
   };`,
);

let lookUps: LookUps | undefined;
afterEach(() => lookUps?.stop());
function open(bounds: Partial<LookUpBounds> = {}): LookUps {
  lookUps = createLookUps(bounds);
  return lookUps;
}

const all: LookupAllOptions = { all: true };
const addressesOf = (hostname: string): Promise<LookupAddress[]> =>
  new Promise((resolve, reject) => {
    lookUps?.resolve(hostname, all, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
/** Which process answers: another is another. */
const processOf = async () => Number((await addressesOf('process'))[0]?.address);

/** Waits until a process is there no more, a few seconds at most. */
async function ended(pid: number): Promise<void> {
  for (let looks = 0; looks < 500; looks++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The process is still there.');
}

describe('looking names up', () => {
  it('asks the system, with its files', async () => {
    open();
    const addresses = (await addressesOf('localhost')).map(({ address }) => address);
    expect(addresses.every((address) => ['127.0.0.1', '::1'].includes(address))).toBe(true);
    expect(addresses).not.toEqual([]);
    await expect(addressesOf('nobody.invalid')).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  it('ends one that hangs, and holds up neither the next name nor our own threads', async () => {
    open({ program: hanging, milliseconds: 1_500 });
    await addressesOf('localhost');
    const names = Array.from({ length: 20 }, (_, n) => addressesOf(`hang${n}`));
    const began = performance.now();
    await Promise.all([
      addressesOf('localhost'),
      ...Array.from({ length: 8 }, () => readFile(import.meta.filename)),
    ]);
    expect(performance.now() - began).toBeLessThan(1_200);
    const results = await Promise.allSettled(names);
    const messages = results.map((result) => result.status === 'rejected' && result.reason.message);
    expect(new Set(messages)).toEqual(new Set(['The name of the host was not looked up within 1.5 s.']));
  });

  it('leaves a process in which one hangs, with what else it was asked', async () => {
    open({ program: hanging, milliseconds: 300 });
    const first = await processOf();
    const late = addressesOf('hang');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const slow = addressesOf('slow');
    await expect(late).rejects.toMatchObject({ name: 'LookUpError' });
    const second = await processOf();
    expect(second).not.toBe(first);
    expect(await slow).toEqual([{ address: '10.0.0.1', family: 4 }]);
    await ended(first);
    expect(await processOf()).toBe(second);
  });

  it('looks so many up at a time, one name once, and tells one more to come again', async () => {
    open({ program: hanging, milliseconds: 300, atOnce: 2 });
    const same = Array.from({ length: 5 }, () => addressesOf('hang'));
    const other = addressesOf('slow');
    await expect(addressesOf('localhost')).rejects.toThrow('Too many names');
    await expect(Promise.allSettled([...same, other])).resolves.toHaveLength(6);
    expect(await addressesOf('localhost')).not.toEqual([]);
  });

  it('goes on with another when its process ends by itself', async () => {
    open({ program: hanging });
    const first = await processOf();
    await expect(addressesOf('gone')).rejects.toThrow('cannot be looked up at the moment');
    expect(await processOf()).not.toBe(first);
  });

  it('that cannot begin says so', async () => {
    open({ program: 'process.exit(1)' });
    await expect(addressesOf('localhost')).rejects.toThrow('cannot be looked up at the moment');
  });

  it('ends its process when nothing is asked for a while, and when it stops', async () => {
    open({ program: hanging, idle: 50 });
    const idle = await processOf();
    await ended(idle);
    open({ program: hanging });
    const asked = await processOf();
    const hangs = addressesOf('hang');
    lookUps?.stop();
    await expect(hangs).rejects.toMatchObject({ name: 'LookUpError' });
    await ended(asked);
    await expect(addressesOf('localhost')).rejects.toThrow('stops');
  });
});

describe('an action webhook', () => {
  const request = { id: '1', at: '2026-11-20T17:00:00.000Z', body: '{}', secrets: [] };
  const network = new BlockList();
  network.addSubnet('127.0.0.0', 8, 'ipv4');
  network.addAddress('::1', 'ipv6');

  it('whose name is not looked up in time has failed, and says so', async () => {
    const { resolve } = open({ program: hanging, milliseconds: 200 });
    const send = createSendAction(createPost(network, resolve));
    const { signal } = new AbortController();
    const outcome = await send({ ...request, url: 'http://hang.example.com/', signal });
    const reason = 'The name of the host was not looked up within 0.2 s.';
    expect(outcome).toEqual({ kind: 'FAILED', reason });
  });

  it('is found by its name', async () => {
    const server = createServer((_request, response) => void response.end('here'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { resolve } = open();
    const send = createSendAction(createPost(network, resolve));
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    const outcome = await send({ ...request, url, signal: new AbortController().signal });
    server.closeAllConnections();
    server.close();
    expect(outcome).toMatchObject({ kind: 'ANSWERED', status: 200, body: 'here' });
  });
});
