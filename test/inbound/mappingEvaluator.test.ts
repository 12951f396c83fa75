import { afterEach, describe, expect, it } from 'vitest';
import { OverloadedError } from '../../src/app/answer.ts';
import {
  createMappingEvaluator,
  type MappingEvaluator,
  type MappingLimits,
} from '../../src/inbound/mappingEvaluator.ts';

let evaluator: MappingEvaluator;
afterEach(() => evaluator?.stop());

function begin(limits: Partial<MappingLimits> = {}): void {
  evaluator = createMappingEvaluator(limits);
}

/** What became of an evaluation. */
async function outcome(mapping: string, body: string, of = 'key', organizationId = 'here'): Promise<unknown> {
  try {
    const evaluated = await evaluator.evaluate(mapping, body, { organizationId, of });
    return 'value' in evaluated ? evaluated.value : evaluated.problem;
  } catch (error) {
    return error instanceof OverloadedError ? 'busy' : error;
  }
}

const endless = '($f := function() { $f() }; $f())';
const times = (n: number) => Array.from({ length: n }, (_, index) => index);

describe('many at once', () => {
  it('of one key wait for their turn, and each has its own result', async () => {
    begin();
    const values = await Promise.all(times(1_000).map((n) => outcome('n * 2', JSON.stringify({ n }))));
    expect(values).toEqual(times(1_000).map((n) => n * 2));
  });

  it('see nothing of each other', async () => {
    begin();
    const mapping = '($seen := $exists($kept) ? "kept" : "new"; $kept := n; $kept & $seen)';
    const bare = '$kept := $exists($kept) ? "kept" : "new"';
    for (const n of [1, 2]) expect(await outcome(mapping, JSON.stringify({ n }))).toBe(`${n}new`);
    for (const _ of times(2)) expect(await outcome(bare, '{}')).toBe('new');
  });

  it('of more mappings than are kept read are read again', async () => {
    begin();
    const mapping = (n: number) => `/* ${'x'.repeat(8_000)} */ ${n}`;
    for (const n of [...times(12), ...times(12)]) expect(await outcome(mapping(n), '{}')).toBe(n);
  });

  it('wait so long and no longer', async () => {
    begin({ milliseconds: 1_000, waitMilliseconds: 300, restMilliseconds: 1 });
    await outcome('1', '{}');
    const from = performance.now();
    const outcomes = await Promise.all(times(4).map((n) => outcome(endless, JSON.stringify({ n }))));
    expect(outcomes.sort()).toEqual(['It takes too long.', 'busy', 'busy', 'busy']);
    expect(performance.now() - from).toBeLessThan(3_000);
    expect(await outcome('1', '{}', 'another')).toBe(1);
  });

  it('are as many as there is room for, of one key, of one organization and of all', async () => {
    begin({ waiting: 8 });
    await outcome('1', '{}');
    const asked = ['a.x', 'a.x', 'a.x', 'a.x', 'a.y', 'a.y', 'a.z', 'b.x', 'b.x'];
    const outcomes = asked.map((name) => outcome('1', '{}', name, name[0]));
    // The first is under way at once and waits no more.
    expect(await Promise.all(outcomes)).toEqual([1, 1, 1, 'busy', 1, 1, 'busy', 1, 1]);
  });

  it('hold as many bytes as there is room for', async () => {
    begin({ waitingBytes: 8_000 });
    await outcome('1', '{}');
    const large = JSON.stringify('x'.repeat(498));
    const outcomes = times(5).map(() => outcome('1', large));
    expect(await Promise.all(outcomes)).toEqual([1, 1, 1, 'busy', 'busy']);
  });
});

describe('a key whose mapping takes as long as it may', () => {
  it('keeps neither another key of its organization waiting, nor another organization', async () => {
    begin({ restMilliseconds: 1 });
    await outcome('1', '{}');
    let done = 0;
    const hostile = times(30).map((n) =>
      outcome(endless, JSON.stringify({ n }), 'hostile').finally(() => {
        done += 1;
      }),
    );
    const from = performance.now();
    for (const n of times(100)) {
      expect(await outcome('n', JSON.stringify({ n }))).toBe(n);
      expect(await outcome('n', JSON.stringify({ n }), 'key', 'there')).toBe(n);
    }
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(done).toBeLessThan(hostile.length);
    await evaluator.stop();
    await Promise.all(hostile);
  });

  it('is not taken for what ended the process it was in', async () => {
    begin({ megabytes: 32 });
    const hog = '$length($pad("", 200000000))';
    const [large, small] = [outcome(hog, '{}', 'hog'), outcome('1', '{}')];
    expect(await Promise.all([large, small])).toEqual(['It needs too much memory.', 1]);
  });
});
