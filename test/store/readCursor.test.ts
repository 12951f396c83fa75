import { describe, expect, test } from 'vitest';
import { CursorError, decodeCursor, encodeCursor } from '../../src/store/read/cursor.ts';
import { sliceOf } from '../../src/store/read/slice.ts';

const uuid = '01890000-0000-7000-8000-000000000000';

describe('a cursor', () => {
  test('comes back as it went', () => {
    const values = ['2026-03-01T12:00:00.000Z', uuid, 7, null];
    expect(decodeCursor(encodeCursor(values), ['instant', 'uuid', 'number', 'instant?'])).toEqual(values);
  });

  test.each([
    ['nonsense', 'nonsense'],
    ['of another length', encodeCursor([1, 2])],
    ['null where there must be a value', encodeCursor([null])],
    ['of another kind', encodeCursor(['x'])],
    ['a fraction', encodeCursor([1.5])],
    ['an object', Buffer.from('{"a":1}').toString('base64url')],
    ['empty', ''],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(() => decodeCursor(cursor, ['number'])).toThrow(CursorError);
  });

  test.each(['2026-13-01T00:00:00.000Z', '2026-03-01', '2026-03-01T12:00:00Z', "'; drop table incident; --"])(
    'is refused with %s for an instant',
    (text) => {
      expect(() => decodeCursor(encodeCursor([text]), ['instant'])).toThrow(CursorError);
    },
  );
});

describe('a slice', () => {
  const window = { size: 2, backward: false, after: null, before: null };

  test('says whether there is more, and leaves the one too many out', () => {
    expect(sliceOf([1, 2, 3], window)).toEqual({ items: [1, 2], more: true });
    expect(sliceOf([1, 2], window)).toEqual({ items: [1, 2], more: false });
    expect(sliceOf([], { ...window, size: 0 })).toEqual({ items: [], more: false });
  });

  test("read backward is in the list's order", () => {
    expect(sliceOf([9, 8, 7], { ...window, backward: true })).toEqual({ items: [8, 9], more: true });
  });
});
