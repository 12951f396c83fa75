import { expect, it } from 'vitest';
import { parseJson } from '../../src/inbound/readJson.ts';

it.each([
  ['text of one, two, three and four bytes', '{"a":"aé€😀"}', { a: 'aé€😀' }],
  ['a byte order mark', '\ufeff[1]', [1]],
  ['an escape', '"\\u20ac"', '€'],
])('reads %s', (_what, text, value) => {
  const raw = Buffer.from(`..${text}`).subarray(2);
  expect(parseJson(raw)).toEqual({ value, raw });
});

it.each([
  ['half a character', [0x22, 0xe2, 0x82, 0x22], 'NOT_UTF8'],
  ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], 'NOT_UTF8'],
  ['two byte order marks', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x31], 'NOT_JSON'],
  ['nothing', [], 'NOT_JSON'],
] as const)('refuses %s', (_what, bytes, problem) => {
  expect(parseJson(Uint8Array.from(bytes))).toMatchObject({ problem });
});
