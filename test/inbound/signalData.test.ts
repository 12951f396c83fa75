import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsOf } from '../../src/domain/detection/labelsOf.ts';
import { fitJson, jsonBytes } from '../../src/inbound/fitJson.ts';
import { pagerDuty, readPagerDutyEvent } from '../../src/inbound/pagerDuty.ts';
import { signalData } from '../../src/inbound/signalData.ts';
import { fixture } from './fixture.ts';

const limit = 256 * 1_024;

describe('the data of a signal', () => {
  it('is what was sent, as long as it fits', () => {
    const raw = { log: 'x'.repeat(limit - 30), b: [1, null] };
    expect(JSON.parse(signalData(raw).json)).toEqual(raw);
  });

  it('of an event as large as PagerDuty takes keeps all but the end of what is long, and says so', () => {
    const { routing_key, ...body } = fixture('published/pagerduty-trigger');
    const details = { log: 'ä'.repeat(250_000), environment: 'production', 'load avg': 0.75 };
    const large = { ...body, payload: { ...(body.payload as object), custom_details: details } };
    const read = readPagerDutyEvent({ ...large, routing_key });
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const { json = '' } = pagerDuty(read.event, 'large', { apiKeyId: 'key' }).firing[0]?.data ?? {};
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(limit);
    expect(Buffer.byteLength(json)).toBeGreaterThan(limit - 1_024);
    const { payload: _cut, ...others } = large;
    const kept = JSON.parse(json);
    expect(kept).toMatchObject({
      ...others,
      payload: { summary: 'Example alert on host1.example.com', component: 'postgres' },
      leftOut: {
        reason: 'At most 262144 bytes are kept.',
        bytes: expect.any(Number),
        sha256: expect.any(String),
      },
    });
    expect(kept.payload.custom_details.log).toMatch(/^ä{100000,}…$/);
    // Rules still find its labels.
    expect(labelsOf(json).get('environment')).toBe('production');
  });

  it.each<[string, unknown]>([
    ['a text', 'x'.repeat(limit)],
    ['a list', Array.from({ length: limit }, (_, n) => n)],
    ['nothing that is worth a part', Object.fromEntries([['x'.repeat(limit), 1]])],
  ])('that is %s says no more than how large it was', (_what, raw) => {
    expect(Object.keys(JSON.parse(signalData(raw).json))).toEqual(['leftOut']);
  });
});

describe('what fits', () => {
  it('keeps the small before the large, the first of a list, the beginning of a text, in their order', () => {
    const list = Array.from({ length: 2_000 }, (_, n) => n);
    const fitted = fitJson({ list, a: 1, text: 'y'.repeat(9_000), b: { c: true } }, 6_000) as typeof list & {
      readonly list: readonly number[];
    };
    expect(Object.keys(fitted)).toEqual(['list', 'a', 'text', 'b']);
    expect(fitted).toMatchObject({ a: 1, b: { c: true } });
    expect(fitted.list).toEqual(list.slice(0, fitted.list.length));
    expect(jsonBytes(fitted)).toBeLessThanOrEqual(6_000);
  });

  it('is never larger than it may be, and the same again', () => {
    const size = fc.integer({ min: 0, max: 5_000 });
    const json = fc.jsonValue({ maxDepth: 8, stringUnit: 'binary' });
    const value = fc
      .tuple(
        fc.array(json, { maxLength: 20 }),
        fc.nat({ max: 3_000 }),
        fc.constantFrom('x', '\n', 'ä', '😀', '"'),
      )
      .map(([parts, times, unit]) => ({ parts, text: unit.repeat(times), nested: { parts } }));
    fc.assert(
      fc.property(value, size, (whole, bytes) => {
        const fitted = fitJson(whole, bytes);
        expect(fitJson(whole, bytes)).toEqual(fitted);
        if (fitted !== undefined) expect(jsonBytes(fitted)).toBeLessThanOrEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
