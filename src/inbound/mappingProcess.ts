import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mappingProgram } from './mappingProgram.ts';

/** How deep an expression may nest calls, and how long a list it may make. */
const depthLimit = 200;
const sequenceLimit = 100_000;

/** The longest result, in UTF-16 units of its JSON: a delivery has no use for more. */
const answerLimit = 4 * 1_048_576;

/** Characters of mappings that the process keeps read: eight of the longest, a hundred of ordinary ones. */
const readLimit = 65_536;

/** Milliseconds the process may take to begin. */
const beginningLimit = 10_000;

/** What an evaluation came to: the result's JSON (undefined for nothing), or why there is none. */
export type MappingAnswer =
  | ({ readonly json?: string | undefined } & Took)
  | ({ readonly problem: string } & Took)
  | { readonly ended: 'LATE' | 'GONE' };

interface Took {
  /** The processor's time it took, in milliseconds. */
  readonly took: number;
}

/**
 * The process in which mappings are evaluated, one at a time. A process, because what asks for more memory than there
 * is takes the whole of it along, not only its thread. It is begun when it is needed, and does not keep its parent up.
 */
export class MappingProcess {
  readonly #milliseconds: number;
  readonly #megabytes: number;
  #child: ChildProcess | null = null;
  #id = 0;

  /** `milliseconds`: what an evaluation may take. `megabytes`: of memory. */
  constructor({ milliseconds, megabytes }: { readonly milliseconds: number; readonly megabytes: number }) {
    this.#milliseconds = milliseconds;
    this.#megabytes = megabytes;
  }

  /** `body`: JSON text; null only reads the mapping. @throws Error when the process cannot be begun. */
  async evaluate(mapping: string, body: string | null): Promise<MappingAnswer> {
    const child = this.#child ?? (await this.#begun());
    this.#id += 1;
    const id = this.#id;
    const answer = await new Promise<MappingAnswer>((resolve) => {
      const late = setTimeout(() => settle({ ended: 'LATE' }), this.#milliseconds);
      const settle = (settled: MappingAnswer): void => {
        clearTimeout(late);
        child.off('message', onMessage).off('exit', onGone);
        resolve(settled);
      };
      const onMessage = (message: MappingAnswer & { readonly id?: number }): void => {
        if (message.id === id) settle(message);
      };
      const onGone = (): void => settle({ ended: 'GONE' });
      child.on('message', onMessage).on('exit', onGone);
      child.send({ id, mapping, ...(body === null ? {} : { body }) }, (error) => error && onGone());
    });
    if ('ended' in answer) await this.end();
    return answer;
  }

  /** Ends the process, whatever it does; the next evaluation begins another. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  /** The time it takes to begin is nobody's evaluation. */
  async #begun(): Promise<ChildProcess> {
    const settings = JSON.stringify({
      jsonata: createRequire(import.meta.url).resolve('jsonata'),
      bounds: { timeout: this.#milliseconds, stack: depthLimit, sequence: sequenceLimit },
      answerLimit,
      readLimit,
    });
    const memory = [`--max-old-space-size=${this.#megabytes}`, '--max-semi-space-size=8'];
    const child = spawn(
      process.execPath,
      [...memory, '--input-type=commonjs', '-e', mappingProgram, settings],
      { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
    );
    this.#child = child;
    child.on('error', () => {});
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    const begins = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => settle(false), beginningLimit);
      const settle = (begun: boolean): void => {
        clearTimeout(late);
        resolve(begun);
      };
      child.once('message', () => settle(true));
      child.once('exit', () => settle(false)).once('error', () => settle(false));
    });
    if (!begins) {
      await this.end();
      throw new Error('The process that evaluates mappings did not begin.');
    }
    child.unref();
    child.channel?.unref();
    return child;
  }
}
