import { lookup } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resolve } from '../../src/outbound/outward.ts';
import { createPost } from '../../src/outbound/post.ts';
import { signWebhook } from '../../src/outbound/signWebhook.ts';

const nowhere = new BlockList();
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');

const answers: Record<string, RequestListener> = {
  '/fine': (request, response) => {
    response.end(`${request.method} ${request.headers['x-one']} ${request.headers.host}`);
  },
  '/moved': (_request, response) => {
    response.writeHead(307, { location: '/fine' }).end('elsewhere');
  },
  '/busy': (_request, response) => {
    response.writeHead(429, { 'retry-after': '7' }).end();
  },
  '/long': (_request, response) => {
    response.write('x'.repeat(40_000));
    response.write('y'.repeat(40_000));
    // Never ended: what is read is bounded all the same.
  },
  '/switched': (_request, response) => {
    response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
  },
  '/silent': () => {},
};
let server: Server;
let port = 0;
let hits = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    hits += 1;
    answers[request.url ?? '']?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const post = (allowed: BlockList, url: string, more: { resolve?: Resolve; signal?: AbortSignal } = {}) =>
  createPost(
    allowed,
    more.resolve ?? lookup,
  )({
    url,
    headers: { 'x-one': '1' },
    body: '{}',
    ...(more.signal && { signal: more.signal }),
  });

/** A resolver that answers these, one list a question. */
function resolving(...lists: string[][]): { resolve: Resolve; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    resolve: (_hostname, _options, callback) => {
      const addresses = lists[asked++] ?? [];
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
  };
}

describe('a post to where an organization says', () => {
  it.each([
    'http://127.0.0.1:PORT/fine',
    'https://127.0.0.1:PORT/fine',
    'https://2130706433:PORT/fine',
    'https://0x7f.1:PORT/fine',
    'https://0177.0.0.1:PORT/fine',
    'https://127.1:PORT/fine',
    'https://localhost:PORT/fine',
    'https://[::1]:PORT/fine',
    'https://[::ffff:127.0.0.1]:PORT/fine',
    'https://[64:ff9b::7f00:1]:PORT/fine',
    'https://0.0.0.0:PORT/fine',
    'https://10.0.0.1/',
    'https://172.16.3.4/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[2002:7f00:1::]/',
    'https://[3fff::1]/',
    'https://[5f00::1]/',
    'https://[::ffff:0:7f00:1]/',
    'https://192.88.99.1/',
    // Plain http is for networks that are named.
    'http://1.1.1.1/',
    'ftp://1.1.1.1/',
  ])('never goes to %s', async (url) => {
    const before = hits;
    const refused = post(nowhere, url.replace('PORT', String(port)));
    await expect(refused).rejects.toMatchObject({ name: 'ForbiddenAddressError' });
    expect(hits).toBe(before);
  });

  it.each([
    ['an address of ours', ['10.0.0.7']],
    ['one of ours beside one of the internet', ['93.184.216.34', '127.0.0.1']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['a link of this machine', ['fe80::1%2']],
    ['a zone of what looks like the internet', ['2606:4700::1111%eth0']],
  ])('never goes where a name leads to %s', async (_what, addresses) => {
    const { resolve } = resolving(addresses);
    const refused = post(nowhere, `https://hooks.example.com:${port}/fine`, { resolve });
    await expect(refused).rejects.toMatchObject({ name: 'ForbiddenAddressError' });
  });

  it('looks a name up once, so that a second answer counts for nothing', async () => {
    const { resolve, asked } = resolving(['127.0.0.1'], ['169.254.169.254']);
    const { body } = await post(loopback, `http://hooks.example.com:${port}/fine`, { resolve });
    expect([body, asked()]).toEqual([`POST 1 hooks.example.com:${port}`, 1]);
  });

  it('goes to networks that are named, also in plain http', async () => {
    const url = `http://127.0.0.1:${port}`;
    expect(await post(loopback, `${url}/fine`)).toMatchObject({
      status: 200,
      body: `POST 1 127.0.0.1:${port}`,
    });
    await expect(post(loopback, 'http://[::1]/')).rejects.toMatchObject({ name: 'ForbiddenAddressError' });
  });

  it('says what the answer says of time', async () => {
    const { status, date, retryAfter } = await post(loopback, `http://127.0.0.1:${port}/busy`);
    expect([status, retryAfter, Number.isNaN(Date.parse(date ?? ''))]).toEqual([429, '7', false]);
    expect(await post(loopback, `http://127.0.0.1:${port}/fine`)).toMatchObject({ retryAfter: null });
  });

  it('follows no redirect', async () => {
    const before = hits;
    const answer = await post(loopback, `http://127.0.0.1:${port}/moved`);
    expect([answer.status, hits - before]).toEqual([307, 1]);
  });

  it('reads 64 KB and no more', async () => {
    const { body } = await post(loopback, `http://127.0.0.1:${port}/long`);
    expect(body).toBe('x'.repeat(40_000) + 'y'.repeat(25_536));
  });

  it('is over when the other side switches to another protocol', async () => {
    const refused = post(loopback, `http://127.0.0.1:${port}/switched`);
    await expect(refused).rejects.toThrow('closed without an answer');
  });

  it('can be ended', async () => {
    const signal = AbortSignal.timeout(50);
    await expect(post(loopback, `http://127.0.0.1:${port}/silent`, { signal })).rejects.toThrow();
  });
});

it('is signed as Standard Webhooks says, with each secret', () => {
  // The example its own libraries are tested with.
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
  };
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  expect(signWebhook(message, [secret])).toEqual({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  });
  const both = signWebhook(message, [`whsec_${Buffer.alloc(32, 7).toString('base64')}`, secret]);
  expect(both['webhook-signature']?.split(' ')[1]).toBe(signature);
});
