import { expect, it } from 'vitest';
import { createSealing, readSealingKey, UnsealableError } from '../../src/app/sealing.ts';

const key = Buffer.alloc(32, 1);
const open = (sealed: string, by = createSealing(key), about = 'mine') =>
  by.open(Buffer.from(sealed, 'hex'), about);

it.each(['a secret', 'ein Geheimnis mit Ümlauten 🔑', 'x'.repeat(500)])(
  'what is sealed is opened again: %s',
  (secret) => {
    const sealed = createSealing(key).seal(secret, 'mine');
    expect(Buffer.from(sealed, 'hex').includes(secret)).toBe(false);
    expect(createSealing(key).seal(secret, 'mine')).not.toBe(sealed);
    expect(open(sealed)).toBe(secret);
  },
);

it('stored as it is while there is no key, it stays readable once there is one', () => {
  const sealed = createSealing(null).seal('secret', 'mine');
  expect([open(sealed), open(sealed, createSealing(null))]).toEqual(['secret', 'secret']);
});

it.each([
  ['with another key', createSealing(Buffer.alloc(32, 2)), 'mine'],
  ['without a key', createSealing(null), 'mine'],
  ['as somebody else', createSealing(key), 'theirs'],
])('it is not opened %s', (_what, by, about) => {
  const sealed = createSealing(key).seal('secret', 'mine');
  expect(() => open(sealed, by, about)).toThrow(UnsealableError);
});

it('altered in any byte, or cut, it is not opened', () => {
  const sealed = Buffer.from(createSealing(key).seal('secret', 'mine'), 'hex');
  for (let at = 1; at < sealed.length; at++) {
    const altered = Buffer.from(sealed);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(() => open(altered.toString('hex'))).toThrow(UnsealableError);
    expect(() => open(sealed.subarray(0, at).toString('hex'))).toThrow(UnsealableError);
  }
});

it('a key is 32 bytes', () => {
  expect(readSealingKey(null)).toBeNull();
  expect(readSealingKey(key.toString('hex'))).toEqual(key);
  expect(readSealingKey(key.toString('base64'))).toEqual(key);
  expect(() => readSealingKey('short')).toThrow('WARROOM_SECRET_KEY');
});
