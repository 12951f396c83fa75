import { expect, it } from 'vitest';
import { type Answer, type Handle, OverloadedError, type Request } from '../../src/app/answer.ts';
import { handleWhole } from '../../src/inbound/handleWhole.ts';
import { done, firing, openDoor, organizationId } from '../app/openDoor.ts';
import { ingest } from './switchboard.ts';

// Nobody has the half million signals that use up the rounds: the door clears a full command's worth and says so again.

const rounds = 8_192;
const declare = { title: 'Everything is down', severity: 'SEV3', source: 'alertmanager' } as const;
const resolveAll: Request = {
  organizationId,
  actor: ingest.actor,
  target: { by: 'dedupKey', key: 'k' },
  command: {
    name: 'receiveSignals',
    input: { dedupKey: 'k', declare, firing: [], cleared: [], severity: null, resolve: true },
  },
  request: { principal: 'key', key: 'once', digest: 'digest' },
};

/** A real answer that cleared 64 signals, and one that cleared fewer. */
async function answers(): Promise<{ readonly full: Answer; readonly last: Answer }> {
  const { deliver } = openDoor();
  await deliver('k', { firing: Array.from({ length: 64 }, (_, n) => firing(`k ${n}`)) });
  await deliver('k', { firing: [firing('one more')] });
  const full = await deliver('k', { resolve: true });
  const last = await deliver('k', { resolve: true });
  return { full, last };
}

/** A door that clears as much as a command may, so many times, and then the rest. */
function clearing(full: Answer, last: Answer, times: number) {
  const keys = new Set<string | undefined>();
  let requests = 0;
  const handle: Handle = async ({ request }) => {
    requests += 1;
    keys.add(request?.key);
    return requests <= times ? full : last;
  };
  return { handle, asked: () => ({ requests, keys: keys.size }) };
}

it('a resolve of which something is left after all rounds is not told to be whole', async () => {
  const { full, last } = await answers();
  const { handle, asked } = clearing(full, last, Number.POSITIVE_INFINITY);
  await expect(handleWhole(handle, resolveAll)).rejects.toThrow(OverloadedError);
  expect(asked()).toEqual({ requests: rounds, keys: rounds });
});

it('a resolve whose last round clears the rest is whole', async () => {
  const { full, last } = await answers();
  const { handle, asked } = clearing(full, last, rounds - 1);
  expect(done(await handleWhole(handle, resolveAll)).incident?.state.status).toBe('RESOLVED');
  expect(asked()).toEqual({ requests: rounds, keys: rounds });
});
