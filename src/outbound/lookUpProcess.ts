import { type ChildProcess, spawn } from 'node:child_process';
import type { LookupAddress, LookupOptions } from 'node:dns';

/** What the system's own resolver is configured with; nothing else of our environment is the process's business. */
const environment = ['RES_OPTIONS', 'LOCALDOMAIN', 'HOSTALIASES', 'SystemRoot'];

/** Milliseconds the process may take to begin. */
const beginningLimit = 5_000;

/** A name that was not looked up, for a reason of ours. Its message says why, in a sentence. */
export class LookUpError extends Error {
  override readonly name = 'LookUpError';
}

/** Which addresses of a name are asked for. */
export type LookUpOptions = Pick<LookupOptions, 'family' | 'hints' | 'order'>;

interface Answer {
  readonly id: number;
  readonly addresses?: LookupAddress[];
  readonly code?: string;
}

/**
 * A process that looks names up as the system does, with its files and search domains, many at once. A process, because
 * such a look-up takes a thread for as long as the resolver lets it hang, and nothing but the end of the process gives
 * it back. It does not keep its parent up.
 */
export class LookUpProcess {
  /** Resolves when it has ended, or never began. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #begun: Promise<void>;
  readonly #asked = new Map<number, (answer: Answer | LookUpError) => void>();
  readonly #milliseconds: number;
  #id = 0;
  #isLeaving = false;

  /** `milliseconds`: what a look-up may take. `atOnce`: look-ups that have a thread at a time. */
  constructor(bounds: { readonly program: string; readonly milliseconds: number; readonly atOnce: number }) {
    this.#milliseconds = bounds.milliseconds;
    // Of its threads, half may look names up.
    const own = { UV_THREADPOOL_SIZE: String(2 * bounds.atOnce) };
    const inherited = environment.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    });
    this.#child = spawn(process.execPath, ['--input-type=commonjs', '-e', bounds.program], {
      env: { ...Object.fromEntries(inherited), ...own },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve()).once('error', () => resolve());
    });
    this.#begun = this.#begin();
    // Whoever asks hears of it; nobody may be asking any more.
    this.#begun.catch(() => {});
  }

  /** All addresses of a name. @throws LookUpError, or an error with the system's code. */
  async ask(hostname: string, options: LookUpOptions): Promise<LookupAddress[]> {
    this.#id += 1;
    const id = this.#id;
    const answered = new Promise<Answer | LookUpError>((resolve) => this.#asked.set(id, resolve));
    let late: NodeJS.Timeout | undefined;
    try {
      await this.#begun;
      const seconds = this.#milliseconds / 1_000;
      const error = new LookUpError(`The name of the host was not looked up within ${seconds} s.`);
      late = setTimeout(() => this.#asked.get(id)?.(error), this.#milliseconds).unref();
      this.#child.send({ id, hostname, options }, (failed) => failed && this.#gone());
      const answer = await answered;
      if (answer instanceof LookUpError) throw answer;
      if (answer.addresses !== undefined) return answer.addresses;
      throw Object.assign(new Error(`${hostname}: ${answer.code}`), { code: answer.code });
    } finally {
      clearTimeout(late);
      this.#asked.delete(id);
      this.#endIfLeft();
    }
  }

  /** Is asked nothing more, and ends as soon as what it was asked is answered or late. */
  leave(): void {
    this.#isLeaving = true;
    this.#endIfLeft();
  }

  /** Ends it, whatever it does. */
  end(): void {
    this.#child.kill('SIGKILL');
  }

  #endIfLeft(): void {
    if (this.#isLeaving && this.#asked.size === 0) this.end();
  }

  #gone(): void {
    const error = new LookUpError('Names of hosts cannot be looked up at the moment.');
    for (const answer of this.#asked.values()) answer(error);
  }

  async #begin(): Promise<void> {
    const child = this.#child;
    const begins = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), beginningLimit).unref();
      child.once('message', () => resolve(true));
      void this.ended.then(() => resolve(false));
      child.once('message', () => clearTimeout(late));
    });
    if (!begins) {
      this.end();
      throw new LookUpError('Names of hosts cannot be looked up at the moment.');
    }
    child.on('message', (answer: Answer) => this.#asked.get(answer.id)?.(answer));
    child.on('error', () => {});
    void this.ended.then(() => this.#gone());
    child.unref();
    child.channel?.unref();
  }
}
