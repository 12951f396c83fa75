/**
 * The program of the process that evaluates mappings, as text: Node does not read TypeScript everywhere this runs. Its
 * argument says where JSONata is, the bounds of one evaluation (milliseconds, depth, and entries of a list), and how many
 * characters of mappings it keeps read: an evaluation sees nothing of another, so what was read serves again. It says
 * `{ ready: true }` once, then answers `{ id, took, json }`, the result's JSON or undefined for nothing, or
 * `{ id, took, problem }`; `took` is the processor's time in milliseconds.
 * Signals of a terminal are its parent's matter; without its parent it ends, also in the middle of an evaluation.
 */
export const mappingProgram = `
const { Worker } = require('node:worker_threads');
const { jsonata: path, bounds, answerLimit, readLimit } = JSON.parse(process.argv[1]);
const jsonata = require(path);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
new Worker(
  'const { workerData } = require("node:worker_threads");' +
    'setInterval(() => process.ppid === workerData || process.kill(process.pid, "SIGKILL"), 1000);',
  { eval: true, workerData: process.ppid },
).unref();
const read = new Map();
let length = 0;
const expressionOf = (mapping) => {
  const known = read.get(mapping);
  const expression = known ?? jsonata(mapping, bounds);
  if (known === undefined) length += mapping.length;
  else read.delete(mapping);
  read.set(mapping, expression);
  for (const oldest of read.keys()) {
    if (length <= readLimit) break;
    read.delete(oldest);
    length -= oldest.length;
  }
  return expression;
};
const resultOf = async (mapping, body) => {
  try {
    const expression = expressionOf(mapping);
    if (body === undefined) return {};
    const json = JSON.stringify(await expression.evaluate(JSON.parse(body)));
    return json !== undefined && json.length > answerLimit ? { problem: 'Its result is too large.' } : { json };
  } catch (error) {
    const position = Number.isInteger(error?.position) ? ' (at character ' + error.position + ')' : '';
    return { problem: String(error?.message ?? error).slice(0, 300) + position };
  }
};
process.on('message', async ({ id, mapping, body }) => {
  const from = process.cpuUsage();
  const result = await resultOf(mapping, body);
  const { user, system } = process.cpuUsage(from);
  process.send({ id, took: (user + system) / 1000, ...result });
});
process.send({ ready: true });
`;
