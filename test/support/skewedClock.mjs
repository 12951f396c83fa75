// Loaded before a server (`node --import …/skewedClock.mjs?by=300000&jump=3600000`): its wall clock is wrong by `by`
// milliseconds and, with `jump`, runs ahead and behind by as much in turns. Plain JavaScript, because Node loads it
// itself. The embedded database runs in a worker thread and keeps the machine's clock, as a server on its own would.
import { isMainThread } from 'node:worker_threads';

const wish = new URL(import.meta.url).searchParams;
const by = Number(wish.get('by') ?? 0);
const jump = Number(wish.get('jump') ?? 0);
const jumpEvery = 700;
const right = Date;

function wrongNow() {
  const now = right.now();
  return now + by + (Math.floor(now / jumpEvery) % 2 === 0 ? jump : -jump);
}

if (isMainThread) {
  globalThis.Date = new Proxy(right, {
    construct: (target, given, made) =>
      Reflect.construct(target, given.length > 0 ? given : [wrongNow()], made),
    apply: () => new right(wrongNow()).toString(),
    get: (target, name) => (name === 'now' ? wrongNow : Reflect.get(target, name)),
  });
}
