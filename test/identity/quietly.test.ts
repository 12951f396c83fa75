import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quietly } from '../../src/identity/quietly.ts';
import { createBrowser } from '../support/browser.ts';
import { type Serving, startServing } from '../support/serving.ts';

// What signing in leaves behind in the process.

/** How many AsyncLocalStorages every new promise carries on; Node 24 and later keep none there. */
const carriedOn = () => Object.getOwnPropertySymbols(new Promise(() => undefined)).length;
const isKeptInPromises = Number(process.versions.node.split('.')[0]) < 24;

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

test('nobody carries on what a sign-in was about once it is over', async () => {
  const before = carriedOn();
  const email = 'quiet@example.com';
  const password = 'correct horse battery';
  await serving.identity.createPerson({ name: 'Quiet', email, emailVerified: true, password });
  const browser = createBrowser(serving.url);
  expect((await browser.open('/sign-in', { email, password })).status).toBe(303);
  expect((await browser.open('/account')).status).toBe(200);
  expect(carriedOn()).toBe(before);
});

test.runIf(isKeptInPromises)('while one is under way, all of them have what they remember', async () => {
  const storage = new AsyncLocalStorage<string>();
  const name = Symbol.for('better-auth:global');
  const real: unknown = Reflect.get(globalThis, name);
  Reflect.set(globalThis, name, { context: { storage } });
  try {
    const ends: (() => void)[] = [];
    const calls = quietly({
      remember: (what: string) =>
        storage.run(what, async () => {
          await new Promise<void>((done) => ends.push(done));
          return storage.getStore();
        }),
      fail: async () => Promise.reject(new Error('refused')),
    });
    const before = carriedOn();
    const one = calls.remember('one');
    const two = calls.remember('two');
    expect(carriedOn()).toBeGreaterThan(before);
    ends[0]?.();
    expect(await one).toBe('one');
    await expect(calls.fail()).rejects.toThrow('refused');
    expect(carriedOn()).toBeGreaterThan(before);
    ends[1]?.();
    expect(await two).toBe('two');
    expect(carriedOn()).toBe(before);
  } finally {
    Reflect.set(globalThis, name, real);
  }
});
