import type { Config } from '../config.ts';
import { commandLine } from '../domain/commandLine.ts';
import { createLog, type Log } from '../log.ts';
import { type LaunchedPostgres, launchEmbedded } from '../store/embedded.ts';
import type { RunningWarroom } from './serve.ts';

// Loading the program and starting the embedded database take about a second each, on two threads. So this file loads
// little, sets the database going, and loads the rest meanwhile.

/** Milliseconds a stop may take before the process is ended as it is. What was answered is durable all the same. */
const stopsWithinMilliseconds = 10_000;

/**
 * A signal this soon after the first (milliseconds) is the same one: Ctrl-C reaches the whole process group, and npm
 * passes its own on.
 */
const sameSignalWithinMilliseconds = 500;

/**
 * `warroom start`: serves until SIGTERM or SIGINT, then finishes what it accepted and leaves with exit code 0; a second
 * signal ends it at once.
 * @throws CannotStartError or CommandError, with nothing left open.
 */
export async function startCommand(config: Config): Promise<void> {
  const log = createLog(config.logLevel);
  surviveStrayErrors(log);
  const asked = stopAsked(log);
  const running = await launchAndServe(config, log);
  const { url, first } = running;
  if (first !== null) process.stdout.write(welcome(url, first, config.bootstrapKey !== null));
  process.stdout.write(`Warroom is ready at ${url}\n`);
  await asked;
  await running.stop();
  log.info('Stopped');
  // Whatever still holds the process open has nothing left to say.
  process.exit(process.exitCode ?? 0);
}

/** A second server on one data directory is refused before the program itself has loaded. */
async function launchAndServe(config: Config, log: Log): Promise<RunningWarroom> {
  let launched: LaunchedPostgres | null = null;
  if (config.databaseUrl === null) launched = await launchEmbedded(config);
  try {
    const { openDatabase } = await import('../store/openDatabase.ts');
    const opening = openDatabase({ ...config, log, launched });
    // It is `serve` that hears of it; it may fail before that is loaded.
    opening.catch(() => undefined);
    const { serve } = await import('./serve.ts').catch(async (error: unknown) => {
      // Nobody else has it yet.
      await opening.then((database) => database.close()).catch(() => undefined);
      throw error;
    });
    return await serve(config, log, opening);
  } catch (error) {
    await launched?.close();
    throw error;
  }
}

/** Resolves at the first signal; from then on the process has ten seconds, or until the next signal. */
function stopAsked(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let stoppingSince: number | null = null;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (stoppingSince !== null) {
        if (performance.now() - stoppingSince < sameSignalWithinMilliseconds) return;
        process.exit(1);
      }
      stoppingSince = performance.now();
      log.info({ signal }, 'Stopping: finishing what was accepted');
      setTimeout(() => {
        log.error('Stopping took too long; leaving what is unfinished');
        process.exit(1);
      }, stopsWithinMilliseconds).unref();
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

/** A promise nobody waited for is a mistake of ours, but no reason to cut everyone off: state is in the database. */
function surviveStrayErrors(log: Log): void {
  process.on('unhandledRejection', (error) =>
    log.error({ err: error }, 'A promise failed and nobody noticed'),
  );
}

function welcome(url: string, first: NonNullable<RunningWarroom['first']>, chosen: boolean): string {
  const key = chosen ? 'the one in WARROOM_BOOTSTRAP_KEY' : `${first.key}   (shown this once: keep it)`;
  return `
Welcome to Warroom. Organization "default" was founded.

  URL      ${url}/graphql
  API key  ${key}
  Sign in  ${first.signInLink}
           (the administrator's, once, within an hour; \`${commandLine} sign-in-link administrator@localhost\` makes another)

`;
}
