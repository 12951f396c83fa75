import { describe, expect, test } from 'vitest';
import { createGuessing, guessLimits } from '../../src/app/guessing.ts';
import { type Browser, createBrowser } from '../support/browser.ts';
import { servingKey, startServing } from '../support/serving.ts';

// Whoever guesses is asked to wait. Each test has a server of its own: what is counted stays counted.

const password = 'correct horse battery';
const ada = { name: 'Ada', email: 'ada@example.com', emailVerified: true };
const signIn = (as: Browser, email: string, given = password) =>
  as.open('/sign-in', { email, password: given });
const headingOf = async (response: Response) => /<h1>(.*?)<\/h1>/.exec(await response.text())?.[1];

describe('guessing', () => {
  test('at one account ends, also for the right password and for an account that is not there', async () => {
    // Fewer than in force: each costs a tenth of a second, on a machine that has nothing else to do.
    const limits = { ...guessLimits, account: { atOnce: 4, oneMoreEvery: 60_000 } };
    const own = await startServing({ guessing: createGuessing(undefined, limits) });
    const eve = createBrowser(own.url);
    const known = createBrowser(own.url);
    await own.identity.createPerson({ ...ada, password });
    expect((await signIn(known, ada.email)).status).toBe(303);
    await known.open('/sign-out', {});
    for (const email of [ada.email, 'nobody@example.com']) {
      const statuses = await Promise.all(
        Array.from({ length: 9 }, (_, index) =>
          signIn(eve, email, `wrong ${index}`).then((one) => one.status),
        ),
      );
      expect(statuses.filter((status) => status === 401)).toHaveLength(4);
      expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    }
    const late = await signIn(eve, ada.email);
    expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect(await headingOf(late)).toBe('Too many attempts');
    // Who signed in from this browser before is not locked out by others.
    expect((await signIn(known, ada.email)).status).toBe(303);
    await own.stop();
  });

  test('from one address ends after 60, whatever it is guessed at', async () => {
    const own = await startServing();
    const links = await Promise.all(
      Array.from({ length: 70 }, (_, index) =>
        createBrowser(own.url).open(`/sign-in?token=guessed-${index}`),
      ),
    );
    expect(links.filter(({ status }) => status === 410)).toHaveLength(60);
    expect(links.filter(({ status }) => status === 429)).toHaveLength(10);
    expect((await createBrowser(own.url).open('/reset-password?token=guessed')).status).toBe(429);
    await own.stop();
  });

  test('leaves a right password uncounted', async () => {
    const limits = { ...guessLimits, account: { atOnce: 4, oneMoreEvery: 60_000 } };
    const own = await startServing({ guessing: createGuessing(undefined, limits) });
    await own.identity.createPerson({ ...ada, password });
    for (let tries = 0; tries < 6; tries += 1) {
      expect((await signIn(createBrowser(own.url), ada.email)).status).toBe(303);
    }
    await own.stop();
  });
});

test('API keys: an address that sends wrong ones waits, and one that was right before goes on', async () => {
  const own = await startServing();
  const send = (key: string) =>
    fetch(`${own.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: '{"query":"{ __typename }"}',
    });
  expect((await send(servingKey)).status).toBe(200);
  const statuses: number[] = [];
  for (let tries = 0; tries < 32; tries += 1) {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => send(`wr_wrong-${tries}-${index}-0123456789`)),
    );
    statuses.push(...answers.map(({ status }) => status));
  }
  expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(300);
  expect(statuses).toContain(429);
  const late = await send('wr_wrong-once-more-0123456789');
  expect(await late.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
  expect((await send(servingKey)).status).toBe(200);
  await own.stop();
});
