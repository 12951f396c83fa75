import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type BrowserPage, chromiumProgram, openPage } from './chromium.ts';

// The API explorer as somebody with a key uses it, in a real browser.

const subscription = 'subscription Live { incidentEvents { sequence type message } }';

describe.runIf(chromiumProgram() !== null)('GraphiQL', () => {
  let serving: Serving;
  let page: BrowserPage;
  beforeAll(async () => {
    serving = await startServing();
    page = await openPage(`${serving.url}/graphql?with=key&query=${encodeURIComponent(subscription)}`);
  }, 60_000);
  afterAll(async () => {
    await page?.close();
    await serving?.stop();
  }, 30_000);

  const there = (expression: string) =>
    expect.poll(() => page.evaluate<boolean>(expression), { timeout: 20_000, interval: 100 }).toBe(true);
  /** What an editor shows: it breaks long lines, and blanks there are no ordinary ones. */
  const shown = async (selector: string) =>
    (await page.evaluate<string>(`document.querySelector('${selector}')?.innerText ?? ''`)).replace(
      /\s/g,
      '',
    );

  test('given a key runs a subscription, and shows an event the moment it is committed', async () => {
    await there(`document.querySelector('.graphiql-query-editor textarea') !== null`);
    const tab = `[...document.querySelectorAll('button')].find(({ innerText }) => innerText === 'Headers')`;
    await page.evaluate(`${tab}.click()`);
    const editor = `[...document.querySelectorAll('.graphiql-editor-tool .graphiql-editor:not(.hidden) textarea')].at(-1)`;
    await there(`${editor} !== undefined`);
    await page.evaluate(`${editor}.focus()`);
    await page.insertText(`{ "Authorization": "Bearer ${servingKey}" }`);
    // Before it is pressed, it has read the schema with the key: the document is checked against it.
    await page.evaluate(`document.querySelector('[aria-label^="Re-fetch GraphQL schema"]').click()`);
    await page.evaluate(`document.querySelector('.graphiql-execute-button').click()`);
    await there(`document.querySelector('.graphiql-execute-button[aria-label^="Stop"]') !== null`);

    const declaring = { title: 'Seen in the browser', severity: 'SEV4' };
    await mutate(serving.url, servingKey, 'declareIncident', declaring, 'sequence');
    await expect.poll(() => shown('.result-window'), { timeout: 20_000 }).toContain('"INCIDENT_CREATED"');
    expect(await shown('.result-window')).toContain('Seeninthebrowser');
    // It goes on: the next one comes, too.
    await mutate(serving.url, servingKey, 'declareIncident', { ...declaring, title: 'Second' }, 'sequence');
    await expect.poll(() => shown('.result-window'), { timeout: 20_000 }).toContain('Second');
  }, 60_000);

  test('loads nothing from elsewhere, and works without it', () => {
    // Only what it asked before it had the key was refused.
    const others = page.problems.filter((problem) => !problem.includes('401 (Unauthorized)'));
    expect(others).toEqual([]);
  });
});
