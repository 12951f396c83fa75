import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import { authorize } from '../domain/access/permissions.ts';
import type { FeedInbox } from '../feed/entry.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../store/clock.ts';
import type { WriteStore } from '../store/port.ts';
import { type Answer, type Handle, OverloadedError, type Request } from './answer.ts';
import { jobOf } from './job.ts';
import { type QueueLimits, queueLimits } from './limits.ts';
import { CommandQueue } from './queue.ts';
import { Remembered } from './remembered.ts';
import { scopesOf } from './scopesOf.ts';
import { Turns } from './turns.ts';
import { Worker } from './worker.ts';
import type { WorkerRoom } from './workerRoom.ts';

/** What the way in is made of. */
export interface HandleOptions {
  readonly store: WriteStore;
  readonly clock: Clock;
  readonly inbox: FeedInbox;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly limits?: Partial<QueueLimits>;
  /** Told of the earliest instant each batch plans, once committed: the scheduler's `wake`. */
  readonly wake?: (at: string) => void;
  /** Milliseconds that only ever grow; for tests. */
  readonly monotonic?: () => number;
  /** Resolves after so many milliseconds; for tests. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Makes UUIDs, version 7; for tests. */
  readonly newId?: () => string;
}

/** The one door, and what its owner may do with it. */
export type Door = Handle & {
  /** Takes no more commands and resolves once all that were taken are answered. */
  drain(): Promise<void>;
  /** Commands waiting now, of all organizations. */
  depth(): number;
};

/** The queue of one organization with its worker; forgotten when idle. */
interface Lane {
  readonly queue: CommandQueue;
  readonly working: Promise<void>;
  timer: NodeJS.Timeout | null;
}

/**
 * Makes the one door that people, webhooks and timers go through: a bounded queue and a worker per organization, which
 * load, decide and commit up to 64 commands at a time. Permission is checked before anything is queued.
 */
export function createHandle(options: HandleOptions): Door {
  const { store, clock, inbox, log } = options;
  const room: WorkerRoom = {
    store,
    clock,
    inbox,
    log,
    limits: { ...queueLimits, ...options.limits },
    monotonic: options.monotonic ?? (() => performance.now()),
    pause: options.pause ?? ((milliseconds) => pause(milliseconds)),
    wake: options.wake ?? (() => {}),
    newId: options.newId ?? (() => v7()),
    turns: new Turns(options.limits?.batchesAtOnce ?? queueLimits.batchesAtOnce),
    remembered: new Remembered(),
    rebuilding: new Set(),
  };
  const lanes = new Map<string, Lane>();
  let draining = false;
  const handle: Handle = async (request) => {
    const superadmin = 'superadmin' in request && request.superadmin === true;
    const principal = { ...request.actor, scopes: scopesOf(request), superadmin };
    const door = 'door' in request ? request.door : undefined;
    const refusal = authorize(request.command.name, principal, door);
    if (refusal !== null) return { kind: 'refused', refusal };
    if (draining) throw new OverloadedError(1);
    return enqueue(lanes, room, request);
  };
  return Object.assign(handle, {
    async drain() {
      draining = true;
      while (lanes.size > 0) await Promise.all([...lanes.values()].map(({ working }) => working));
      await Promise.all(room.rebuilding);
    },
    depth() {
      let depth = 0;
      for (const { queue } of lanes.values()) depth += queue.depth;
      return depth;
    },
  });
}

function enqueue(lanes: Map<string, Lane>, room: WorkerRoom, request: Request): Promise<Answer> {
  const { organizationId } = request;
  const { job, answer } = jobOf(request, { queuedAt: room.monotonic(), newId: room.newId });
  const queue = lanes.get(organizationId)?.queue ?? new CommandQueue(room.limits);
  queue.offer(job);
  const lane = lanes.get(organizationId) ?? openLane(lanes, room, organizationId, queue);
  lane.timer ??= expireInTime(lane, room);
  return answer;
}

function openLane(
  lanes: Map<string, Lane>,
  room: WorkerRoom,
  organizationId: string,
  queue: CommandQueue,
): Lane {
  const worker = new Worker(organizationId, queue, room);
  // Whatever has reached this process by now is read before: it goes with the first batch, and costs nobody a wait.
  const working = nextTurn().then(() =>
    worker.run(() => {
      lanes.delete(organizationId);
      if (lane.timer !== null) clearTimeout(lane.timer);
    }),
  );
  const lane: Lane = { queue, working, timer: null };
  lanes.set(organizationId, lane);
  return lane;
}

/** Turns away what waits longer than it may, also while the worker itself waits for the database. */
function expireInTime(lane: Lane, room: WorkerRoom): NodeJS.Timeout {
  const { waitMilliseconds } = room.limits;
  const oldest = lane.queue.oldestQueuedAt ?? room.monotonic();
  const milliseconds = Math.max(10, oldest + waitMilliseconds - room.monotonic());
  const timer = setTimeout(() => {
    for (const job of lane.queue.expired(room.monotonic())) job.reject(new OverloadedError(2));
    lane.timer = lane.queue.waiting > 0 ? expireInTime(lane, room) : null;
  }, milliseconds);
  return timer.unref();
}
