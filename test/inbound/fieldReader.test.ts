import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FieldReader } from '../../src/inbound/fieldReader.ts';

describe('an instant, on a machine that is not in UTC', () => {
  const zone = process.env.TZ;
  beforeEach(() => {
    process.env.TZ = 'America/New_York';
  });
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456789Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
    ['2026-01-31T12:00:00.000+0000', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00:00+00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00:00 UTC', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00', '2026-01-31T12:00:00.000Z'],
    [' 2026-01-31 12:00:00.123456 ', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', null],
    ['', null],
    [null, null],
  ])('%j is %s', (written, instant) => {
    const reader = new FieldReader();
    expect([reader.instant(['at'], written), reader.problems]).toEqual([instant, []]);
  });

  it.each(['1', '12:00', 'January 31', '2026-13-01T00:00:00Z', 'tomorrow', 1_700_000_000, {}])(
    '%j is none',
    (written) => {
      const reader = new FieldReader();
      expect(reader.instant(['at'], written)).toBeNull();
      expect(reader.problems).toMatchObject([{ path: ['at'] }]);
    },
  );
});
