import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AudienceAnswer, AudienceQuestion, AudienceWish } from '../measured/audienceRun.ts';

/** Sockets that count what arrives, in a process of their own. */
export interface Audience {
  readonly pid: number;
  /** When the first and the last of the `count` messages that `cause` brings arrived. @throws after 60 s */
  next(
    count: number,
    cause: () => Promise<unknown>,
  ): Promise<{ readonly first: number; readonly last: number }>;
  /** The newest message that was kept: the first of an event. */
  last(): Promise<string>;
  close(): void;
}

/** Milliseconds until all sockets stand, and until all of an event has arrived. */
const standsWithin = 180_000;
const arrivesWithin = 60_000;

/** Files a process has open beside its sockets. */
const otherFiles = 200;

/** @throws Error that says what to do when one process may not hold so many sockets. */
export function mayOpen(sockets: number): void {
  const { userLimits } = process.report.getReport() as unknown as {
    userLimits?: { open_files?: { hard: number | 'unlimited' } };
  };
  const most = userLimits?.open_files?.hard ?? 'unlimited';
  // Node itself raises the soft limit to the hard one.
  if (most === 'unlimited' || most >= sockets + otherFiles) return;
  throw new Error(
    `${sockets} sockets in one process need a hard limit of ${sockets + otherFiles} open files; it is ${most}. Raise it with \`ulimit -Hn\`.`,
  );
}

/** Opens an audience; resolves when all of it stands. */
export async function gather(wish: AudienceWish): Promise<Audience> {
  const script = fileURLToPath(new URL('../measured/audienceRun.js', import.meta.url));
  const child = fork(script, [JSON.stringify(wish)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const ask = (question: AudienceQuestion) => void child.send(question);

  const hear = <K extends string>(
    what: K,
    within: number,
  ): Promise<Extract<AudienceAnswer, Record<K, unknown>>> =>
    new Promise((done, fail) => {
      const end = (error: Error | null, answer?: AudienceAnswer) => {
        clearTimeout(timer);
        child.off('message', listen);
        child.off('exit', gone);
        if (error === null) done(answer as never);
        else fail(error);
      };
      const timer = setTimeout(() => end(new Error(`The audience: no ${what} within ${within} ms.`)), within);
      const listen = (answer: unknown) => {
        if (what in (answer as object)) end(null, answer as AudienceAnswer);
      };
      const gone = (code: number | null) => end(new Error(`The audience ended with ${code}.`));
      child.on('message', listen);
      child.once('exit', gone);
    });

  await hear('stands', standsWithin);
  return {
    pid: child.pid ?? 0,
    async next(count, cause) {
      ask({ next: count });
      await hear('counting', arrivesWithin);
      const [{ arrived }] = await Promise.all([hear('arrived', arrivesWithin), cause()]);
      return arrived;
    },
    async last() {
      const said = hear('last', arrivesWithin);
      ask({ last: true });
      return (await said).last;
    },
    close: kill,
  };
}
