// `npm start`: from a fresh clone to a running server. A second time it only starts.
import { setUp } from './setup.mjs';

setUp();
// In this very process: signals, terminal and exit code are the server's own.
await import('../dist/main.js');
