import { type Handle, type IncidentTarget, OverloadedError, ServerOutdatedError } from '../app/answer.ts';
import type { Actor } from '../domain/access/actor.ts';
import type { Principal } from '../domain/access/principal.ts';
import { isComeApart, joinGroups } from '../domain/detection/joinApart.ts';
import type { Refusal } from '../domain/refusal.ts';
import { configured } from './configured.ts';
import { handleWhole } from './handleWhole.ts';
import { sha256 } from './keys.ts';
import type { SignalDelivery } from './translation.ts';

type KeyTarget = Extract<IncidentTarget, { readonly key: string }>;

/** What became of a delivery. `failed` carries what is to be logged; nobody outside is told. */
export type Delivered =
  | { readonly kind: 'committed' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** How long a sender is asked to wait when this server is too old for the data. */
const outdatedRetrySeconds = 30;

/**
 * Carries out the commands of one delivery, one after the other, as its key is configured, and answers once all are
 * committed. It stops at the first that is not: a sender that sends the whole again repeats nothing, since every signal
 * has its fingerprint.
 * `onceAs`: what a delivery of a single command is known by; carried out before, it is so already.
 */
export async function deliver(
  commands: readonly SignalDelivery[],
  principal: Principal,
  handle: Handle,
  onceAs?: string,
): Promise<Delivered> {
  const actor = integrationOf(principal);
  const all = commands.map((command) => configured(command, principal.ingest));
  const handIn = ({ by, input }: Addressed, once: string | undefined) =>
    handleWhole(handle, {
      organizationId: principal.organizationId,
      actor,
      target: { by, key: input.dedupKey },
      command: { name: 'receiveSignals', input },
      request:
        once === undefined ? null : { principal: principal.credentialId, key: once, digest: sha256(once) },
    });
  for (const addressed of [...clearsOfBefore(all), ...all.map(ofHolder)]) {
    try {
      const answer = await handIn(addressed, onceAs);
      if (answer.kind === 'done') continue;
      if (!isComeApart(answer.refusal)) return answer;
      for (const [index, input] of partsOf(addressed.input).entries()) {
        const part = await handIn({ ...addressed, input }, onceAs && `${onceAs}#${index + 1}`);
        if (part.kind === 'refused') return part;
      }
    } catch (error) {
      return undelivered(error);
    }
  }
  return { kind: 'committed' };
}

/** One part for each incident that its signals may join; what is over goes with the first. */
function partsOf(input: SignalDelivery): readonly SignalDelivery[] {
  return joinGroups(input.firing, input.declare.service).map((firing, index) => ({
    ...input,
    firing,
    cleared: index === 0 ? input.cleared : [],
  }));
}

/** Whom a connector acts as: its key. */
export function integrationOf({ credentialId, actor }: Principal): Actor {
  return { kind: 'INTEGRATION', id: credentialId, role: actor.role };
}

/** What became of a delivery whose command was not answered. */
export function undelivered(error: unknown): Extract<Delivered, { readonly kind: 'busy' | 'failed' }> {
  if (error instanceof OverloadedError) return { kind: 'busy', retryAfterSeconds: error.retryAfterSeconds };
  if (error instanceof ServerOutdatedError) return { kind: 'busy', retryAfterSeconds: outdatedRetrySeconds };
  return { kind: 'failed', error };
}

interface Addressed {
  readonly by: KeyTarget['by'];
  readonly input: SignalDelivery;
}

const ofHolder = (input: SignalDelivery): Addressed => ({ by: 'dedupKey', input });

/**
 * Where some alerts of a group fire and others stop after a person resolved its incident, what fires begins a new one,
 * which takes the key: what stops has to reach the resolved one before that.
 */
function clearsOfBefore(commands: readonly SignalDelivery[]): readonly Addressed[] {
  if (!commands.some(({ firing }) => firing.length > 0)) return [];
  return commands
    .filter(({ cleared }) => cleared.length > 0)
    .map(({ dedupKey, declare, cleared }) => ({
      by: 'releasedKey',
      input: { dedupKey, declare, cleared, firing: [], severity: null },
    }));
}
