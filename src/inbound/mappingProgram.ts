/**
 * The program of the process that evaluates mappings, as text: Node does not read TypeScript everywhere this runs. Its
 * argument says where JSONata is, and the bounds of one evaluation: milliseconds, depth, and entries of a list. It says
 * `{ ready: true }` once, then answers `{ id, json }`, the result's JSON or undefined for nothing, or `{ id, problem }`.
 * Signals of a terminal are its parent's matter; without its parent it ends, also in the middle of an evaluation.
 */
export const mappingProgram = `
const { Worker } = require('node:worker_threads');
const { jsonata: path, bounds, answerLimit } = JSON.parse(process.argv[1]);
const jsonata = require(path);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
new Worker(
  'const { workerData } = require("node:worker_threads");' +
    'setInterval(() => process.ppid === workerData || process.kill(process.pid, "SIGKILL"), 1000);',
  { eval: true, workerData: process.ppid },
).unref();
process.on('message', async ({ id, mapping, body }) => {
  try {
    const expression = jsonata(mapping, bounds);
    if (body === undefined) return process.send({ id });
    const json = JSON.stringify(await expression.evaluate(JSON.parse(body)));
    if (json !== undefined && json.length > answerLimit) {
      return process.send({ id, problem: 'Its result is too large.' });
    }
    process.send({ id, json });
  } catch (error) {
    const position = Number.isInteger(error?.position) ? ' (at character ' + error.position + ')' : '';
    process.send({ id, problem: String(error?.message ?? error).slice(0, 300) + position });
  }
});
process.send({ ready: true });
`;
