import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { OverloadedError } from '../../src/app/answer.ts';
import { unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import { json } from '../../src/inbound/json.ts';
import { createMappingEvaluator } from '../../src/inbound/mappingEvaluator.ts';
import { createMappings } from '../../src/inbound/mappings.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { once, quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

const evaluator = createMappingEvaluator();
afterAll(() => evaluator.stop());
const mappings = createMappings(evaluator);
const here = { organizationId: 'here', of: 'key' };
const there = { organizationId: 'there', of: 'key' };

/** As a monitor of somebody's own making would write it. */
const body = {
  monitor: { id: 42, name: 'Checkout answers slowly' },
  state: 'DOWN',
  level: 'page',
  since: '2026-11-20T20:00:00Z',
  labels: [
    { name: 'service', value: 'checkout' },
    { name: 'env', value: 'eu' },
  ],
};
const mapping = `{
  "key": monitor.id,
  "status": state = "DOWN" ? "firing" : "resolved",
  "title": monitor.name,
  "severity": level,
  "service": labels[name = "service"].value,
  "environment": labels[name = "env"].value,
  "at": since
}`;

function received(configuration: object = { mapping }) {
  const switchboard = new Switchboard();
  const inbound = createInbound({
    ...quiet,
    handle: switchboard.handle,
    mappings: evaluator,
    authenticateKey: () => ({ ...ingest, ingest: { ...unconfigured, ...configuration } }),
  });
  const send = async (sent: unknown) => {
    const request = { method: 'POST', path: '/inbound/json/key', headers: {}, remoteAddress: null };
    const reply = await inbound({ ...request, body: once(JSON.stringify(sent)) });
    return { status: reply?.status, body: JSON.parse(reply?.body ?? 'null') };
  };
  return { switchboard, send };
}

describe('a body of any shape', () => {
  it('is mapped into an alert', async () => {
    const { send, switchboard } = received();
    expect(await send(body)).toEqual({ status: 200, body: { status: 'success' } });
    expect(switchboard.last.incident).toMatchObject({
      title: 'Checkout answers slowly',
      severity: 'SEV1',
      source: 'json',
      environment: 'eu',
    });
  });

  it('fires once however often it comes, and is over when it says so', async () => {
    const { send, switchboard } = received();
    const minor = { ...body, level: 'info' };
    for (const sent of [minor, minor, { ...minor, state: 'UP' }]) expect((await send(sent)).status).toBe(200);
    expect(switchboard.stories).toHaveLength(1);
    expect(switchboard.last.incident).toMatchObject({ status: 'RESOLVED', signalCount: 1 });
  });

  it('without a mapping is read as it is: one alert, or a list', async () => {
    const { send, switchboard } = received({});
    const alert = { key: 'a', title: 'A', severity: 'high' };
    expect((await send(alert)).status).toBe(200);
    expect(
      (
        await send([
          { key: 'b', title: 'B' },
          { key: 'a', status: 'acknowledged', note: 'On it' },
        ])
      ).status,
    ).toBe(200);
    expect(switchboard.stories.map((story) => story.incident.status)).toEqual(['ACKNOWLEDGED', 'REPORTED']);
    expect((await send([])).status).toBe(200);
  });

  it.each<[string, string, unknown, string]>([
    ['no key', '{"title": "x"}', body, 'key: '],
    ['no title', '{"key": "x"}', body, 'title: '],
    ['an odd status', '{"key": "x", "title": "x", "status": "on"}', body, 'status: '],
    ['a field that is none', '{"key": "x", "title": "x", "titel": "y"}', body, 'titel: '],
    ['an odd instant', '{"key": "x", "title": "x", "at": "soon"}', body, 'at: '],
    ['a severity that is a list', '{"key": "x", "title": "x", "severity": [1, 2]}', body, 'severity: '],
    ['a text', '"alert"', body, 'body: '],
    ['one of several', '[{"key": "x", "title": "x"}, {"key": "y"}]', body, '1.title: '],
    ['too many', '[1..65].{"key": $string($), "title": "x"}', body, 'body: At most 64'],
    ['an error of its own', '$error("No state in it")', body, 'mapping: No state in it'],
  ])('that comes to %s is 400 and says so', async (_what, expression, sent, start) => {
    const { send, switchboard } = received({ mapping: expression });
    const answer = await send(sent);
    expect([answer.status, answer.body.message.slice(0, start.length)]).toEqual([400, start]);
    expect(switchboard.requests).toEqual([]);
  });

  it('that comes to nothing does nothing', async () => {
    const { send, switchboard } = received({ mapping: 'state = "PAUSED" ? {"key": "x"}' });
    expect((await send(body)).status).toBe(200);
    expect(switchboard.requests).toEqual([]);
  });

  it('that is over under a title that is no text is over', async () => {
    const { send } = received({});
    expect((await send({ key: 'k', status: 'resolved', title: { toString: 1 } })).status).toBe(200);
  });

  it('whatever it is, is answered with 200 or 400', async () => {
    const { send } = received({});
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect([200, 400]).toContain((await send(value)).status);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a mapping', () => {
  it('can be tried out', async () => {
    expect(await mappings.preview(mapping, JSON.stringify(body), 'here')).toEqual({
      alerts: [
        {
          key: '42',
          does: 'FIRE',
          title: 'Checkout answers slowly',
          severity: 'SEV1',
          service: 'checkout',
          environment: 'eu',
          project: null,
        },
      ],
      problems: [],
    });
    expect(await mappings.preview('{"title": 1}', '{}', 'here')).toMatchObject({
      alerts: [],
      problems: [{ path: ['key'] }, { path: ['title'] }],
    });
    expect(await mappings.preview('$', '{', 'here')).toMatchObject({ problems: [{ path: ['body'] }] });
  });

  it('that is none is told where', async () => {
    expect(await mappings.problemOf(mapping, 'here')).toBeNull();
    expect(await mappings.problemOf('{"a": ', 'here')).toMatch(/character \d+/);
  });

  it('reaches nothing but the body', async () => {
    for (const expression of [
      'process',
      '$process',
      'constructor',
      '$eval("process")',
      '__proto__.polluted',
    ]) {
      expect(await evaluator.evaluate(expression, '{}', here)).toEqual({ value: undefined });
    }
  });
});

describe('a mapping that', () => {
  const limits = { milliseconds: 300, megabytes: 32, restMilliseconds: 60_000 };

  it.each([
    ['loops for ever', '($f := function() { $f() }; $f())'],
    ['loops where only a regular expression is at work', '$match(x, /^(a+)+$/)'],
    ['goes ever deeper', '($f := function($n) { 1 + $f($n + 1) }; $f(1))'],
    ['makes ever more', '($f := function($s) { $f($s & $s) }; $f("xxxxxxxxxxxxxxxx"))'],
    ['makes a list of millions', '[1..9999999]'],
    ['makes too large a result', '$pad("x", 5000000)'],
    ['asks for more than there is, at once', '$length($pad("", 200000000))'],
  ])(
    '%s is ended, and the next goes on',
    async (_what, expression) => {
      const own = createMappingEvaluator(limits);
      const from = performance.now();
      const text = JSON.stringify({ x: `${'a'.repeat(40)}b` });
      expect(await own.evaluate(expression, text, here)).toMatchObject({ problem: expect.any(String) });
      expect(await own.evaluate('1 + 1', '{}', here)).toEqual({ value: 2 });
      expect(performance.now() - from).toBeLessThan(15_000);
      await own.stop();
    },
    30_000,
  );

  const endless = '($f := function() { $f() }; $f())';
  const tooLong = { problem: 'It takes too long.' };

  it('took too long is not tried again for a while, but by others', async () => {
    const own = createMappingEvaluator(limits);
    expect(await own.evaluate(endless, '{}', here)).toEqual({ ...tooLong, retryAfterSeconds: 60 });
    const from = performance.now();
    expect(await own.evaluate(endless, '{}', here)).toEqual({ ...tooLong, retryAfterSeconds: 60 });
    expect(performance.now() - from).toBeLessThan(100);
    await own.evaluate(endless, '{}', there);
    expect(performance.now() - from).toBeGreaterThan(200);
    await own.stop();
  });

  it('took too long is worth sending again, until it took too long twice with that body', async () => {
    const own = createMappingEvaluator({ ...limits, restMilliseconds: 1 });
    const context = { apiKeyId: 'key', organizationId: 'here', mapping: endless };
    await expect(json({}, context, own)).rejects.toEqual(new OverloadedError(1));
    await setTimeout(20);
    await expect(json({ other: true }, context, own)).rejects.toBeInstanceOf(OverloadedError);
    await setTimeout(20);
    expect(await json({}, context, own)).toEqual({
      problems: [{ path: ['mapping'], message: 'It takes too long.' }],
    });
    await own.stop();
  });

  it('cannot be evaluated fails alone', async () => {
    const own = createMappingEvaluator(limits);
    const { execPath } = process;
    process.execPath = '/nowhere/node';
    const failed = own.evaluate('1', '{}', here);
    await expect(failed.finally(() => Object.assign(process, { execPath }))).rejects.toThrow('did not begin');
    expect(await own.evaluate('1', '{}', here)).toEqual({ value: 1 });
    await own.stop();
  });

  it('is under way or waits when all is stopped is told to come again', async () => {
    const own = createMappingEvaluator({ ...limits, milliseconds: 30_000 });
    await own.evaluate('1', '{}', here);
    const asked = [own.evaluate(endless, '{}', here), own.evaluate('1', '{}', here)];
    const told = Promise.all(asked.map((one) => expect(one).rejects.toBeInstanceOf(OverloadedError)));
    await own.stop();
    await told;
    await expect(own.evaluate('1', '{}', here)).rejects.toBeInstanceOf(OverloadedError);
  });
});
