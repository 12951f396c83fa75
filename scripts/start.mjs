// `npm start`: from a fresh clone to a running server. A second time it only starts.
import { setUp } from './setup.mjs';

setUp();
// Under npm there is a shell in between, and neither passes a signal on: when they are gone, this is over too.
if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') {
  const parent = process.ppid;
  const watching = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watching);
    process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
}
// In this very process: signals, terminal and exit code are the server's own.
await import('../dist/main.js');
