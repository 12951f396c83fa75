/** What better-auth keeps for the whole process, as far as it matters here. Source: @better-auth/core, context/global. */
interface ProcessContext {
  readonly context?: Readonly<Record<string, { disable?(): void } | undefined>>;
}

type Work = (...input: never[]) => unknown;

/** Calls of better-auth under way in this process. */
let underWay = 0;

/**
 * The same calls, none of which leaves a mark on the rest of the program. better-auth remembers in AsyncLocalStorages
 * what a call is about; once one was used, Node 20 and 22 make every promise, timer and socket of the process carry it
 * on, for ever. So they are switched off again when nothing of better-auth is under way; its next call switches them
 * on. A call answers a promise that ends when it is over.
 */
export function quietly<Calls extends object>(calls: Calls): Calls {
  return new Proxy(calls, {
    get(target, name) {
      const call: unknown = Reflect.get(target, name);
      return typeof call === 'function' ? (...input: never[]) => carryOut(call as Work, input) : call;
    },
  });
}

async function carryOut(call: Work, input: never[]): Promise<unknown> {
  underWay += 1;
  try {
    return await call(...input);
  } finally {
    underWay -= 1;
    if (underWay === 0) switchOff();
  }
}

function switchOff(): void {
  const { context = {} }: ProcessContext = Reflect.get(globalThis, Symbol.for('better-auth:global')) ?? {};
  for (const storage of Object.values(context)) storage?.disable?.();
}
