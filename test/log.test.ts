import { expect, it } from 'vitest';
import { createLog } from '../src/log.ts';

const key = `wr_a1b2c3d4_${'x'.repeat(43)}`;

function lineOf(write: (log: ReturnType<typeof createLog>) => void): string {
  const written: string[] = [];
  write(createLog('info', { write: (line: string) => void written.push(line) }));
  return written.join('');
}

it('writes one JSON line with a level by name and an ISO instant', () => {
  const line = lineOf((log) => log.info({ port: 4000 }, 'Ready'));
  expect(JSON.parse(line)).toMatchObject({ level: 'info', port: 4000, msg: 'Ready' });
  expect(Date.parse(JSON.parse(line).time)).toBeGreaterThan(0);
});

it.each([
  ['a field', (log: ReturnType<typeof createLog>) => log.info({ authorization: `Bearer ${key}` })],
  [
    'a nested field',
    (log: ReturnType<typeof createLog>) => log.info({ request: { headers: { cookie: key } } }),
  ],
  ['a chosen key by its field', (log: ReturnType<typeof createLog>) => log.info({ bootstrapKey: key })],
  ['a path', (log: ReturnType<typeof createLog>) => log.info(`POST /inbound/alertmanager/${key}`)],
  [
    'an error',
    (log: ReturnType<typeof createLog>) => log.error({ err: new Error(`no such key ${key}`) }, 'Failed'),
  ],
  [
    'a database URL',
    (log: ReturnType<typeof createLog>) => log.error({ err: new Error(`postgres://me:${key}@db/x`) }),
  ],
])('never writes a secret in %s', (_where, write) => {
  const line = lineOf(write);
  expect(line).not.toContain(key);
  expect(line).toContain('[redacted]');
});

it('hides the password of a database URL, whatever it is', () => {
  const line = lineOf((log) =>
    log.warn({ err: new Error('cannot reach postgresql://warroom:s3cret@db:5432/x') }),
  );
  expect(line).toContain('postgresql://warroom:[redacted]@db:5432/x');
});
