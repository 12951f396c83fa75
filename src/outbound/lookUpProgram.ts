/**
 * The program of the process that looks names up, as text: Node does not read TypeScript everywhere this runs. It says
 * `{ ready: true }` once, then answers `{ id, addresses }` or `{ id, code }`, what the system says is wrong. Signals of a
 * terminal are its parent's matter; without its parent it ends at once, whatever hangs: a proper exit would wait for it.
 */
export const lookUpProgram = `
const { lookup } = require('node:dns');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', ({ id, hostname, options }) => {
  const answer = (error, addresses) =>
    process.send(error ? { id, code: String(error.code ?? error.name) } : { id, addresses });
  try {
    lookup(hostname, { ...options, all: true }, answer);
  } catch (error) {
    answer(error);
  }
});
process.send({ ready: true });
`;
