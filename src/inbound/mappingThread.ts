/**
 * The program of the thread that evaluates mappings, as text: a thread does not read TypeScript everywhere this runs.
 * It is told where JSONata is, and the bounds of one evaluation: milliseconds, depth, and entries of a list. It answers
 * `{ id, json }`, the result's JSON or undefined for nothing, or `{ id, problem }`.
 */
export const mappingThread = `
const { parentPort, workerData } = require('node:worker_threads');
const jsonata = require(workerData.jsonata);
const { bounds, answerLimit } = workerData;
parentPort.on('message', async ({ id, mapping, body }) => {
  try {
    const expression = jsonata(mapping, bounds);
    if (body === undefined) return parentPort.postMessage({ id });
    const json = JSON.stringify(await expression.evaluate(JSON.parse(body)));
    if (json !== undefined && json.length > answerLimit) {
      return parentPort.postMessage({ id, problem: 'Its result is too large.' });
    }
    parentPort.postMessage({ id, json });
  } catch (error) {
    const position = Number.isInteger(error?.position) ? ' (at character ' + error.position + ')' : '';
    parentPort.postMessage({ id, problem: String(error?.message ?? error).slice(0, 300) + position });
  }
});
`;
