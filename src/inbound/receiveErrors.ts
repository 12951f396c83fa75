import { v7 } from 'uuid';
import { OverloadedError, ServerOutdatedError } from '../app/answer.ts';
import { type ErrorsReported, type Reporting, reportErrors } from '../app/reportErrors.ts';
import type { Principal } from '../domain/access/principal.ts';
import { type ErrorReport, errorSeverities } from '../domain/detection/errorReport.ts';
import { referenceOf } from '../domain/incident/state.ts';
import type { Refusal } from '../domain/refusal.ts';
import { FieldReader, isJsonObject } from './fieldReader.ts';
import { invalid, receiveJson } from './receiveWebhook.ts';
import type { Reception } from './reception.ts';
import { type InboundReply, jsonReply, retryAfter } from './reply.ts';
import { textOf } from './textOf.ts';

const name = 'errors';

/** Seconds to come back in when this server is too old for the data. */
const outdatedRetrySeconds = 30;

/**
 * Answers `POST /inbound/errors`: `{"errors": […]}`, a list, or one error, each with the fields of the mutation
 * `reportErrors`. 200 says what became of each, once all are committed; everything else as for a webhook.
 */
export async function receiveErrors(
  reception: Reception,
  scopeOf: (principal: Principal) => Reporting['scope'],
  keyInPath: string,
): Promise<InboundReply> {
  const sender = { name, sendLess: 'send fewer errors at a time.' };
  const received = await receiveJson(sender, reception, keyInPath);
  if ('reply' in received) return received.reply;
  const { principal, value } = received;
  const reader = new FieldReader();
  const reports = reportsOf(reader, value);
  if (reader.problems.length > 0) return invalid(reader.problems);
  const { handle } = reception;
  try {
    const reporting = { principal, handle, scope: scopeOf(principal), newId: () => v7(), request: null };
    return answerTo(await reportErrors(reports, reporting));
  } catch (error) {
    if (error instanceof OverloadedError) return busy(error.retryAfterSeconds);
    if (error instanceof ServerOutdatedError) return busy(outdatedRetrySeconds);
    const { remoteAddress: from } = reception.request;
    const about = { err: error, connector: name, apiKeyId: principal.credentialId, from };
    reception.log.error(about, 'Errors could not be taken.');
    return jsonReply(500, { code: 'INTERNAL', message: 'Something unexpected went wrong. Try again.' });
  }
}

function answerTo(reported: ErrorsReported | Refusal): InboundReply {
  if (reported.kind === 'done') {
    const errors = reported.errors.map(({ errorId, outcome, number }) => ({
      errorId,
      outcome,
      incident: number === null ? null : referenceOf(number),
    }));
    return jsonReply(200, { status: 'success', errors });
  }
  if (reported.kind === 'ValidationError') return invalid(reported.fields);
  const status = reported.kind === 'ForbiddenError' ? 403 : 409;
  return jsonReply(status, { code: reported.code, message: reported.message });
}

function busy(retryAfterSeconds: number): InboundReply {
  const message = `Warroom is busy. Send the whole again in ${retryAfterSeconds} s; an error with an errorId counts once.`;
  const body = { code: 'OVERLOADED', message, retryAfterSeconds };
  return jsonReply(503, body, retryAfter(retryAfterSeconds));
}

function reportsOf(reader: FieldReader, value: unknown): readonly ErrorReport[] {
  if (Array.isArray(value)) return value.map((error, index) => reportOf(reader, [String(index)], error));
  if (isJsonObject(value) && !('errors' in value)) return [reportOf(reader, [], value)];
  const { errors } = reader.object([], value);
  return reader
    .list(['errors'], errors)
    .map((error, index) => reportOf(reader, ['errors', String(index)], error));
}

function reportOf(reader: FieldReader, path: readonly string[], value: unknown): ErrorReport {
  const error = reader.object(path, value);
  const optional = (field: string) => (error[field] == null ? null : textOf(error[field]));
  const severity = reader
    .text([...path, 'severity'], error.severity)
    .trim()
    .toUpperCase();
  return {
    errorId: optional('errorId'),
    fingerprint: optional('fingerprint'),
    severity: reader.oneOf([...path, 'severity'], severity, errorSeverities),
    source: reader.text([...path, 'source'], error.source),
    component: optional('component'),
    type: optional('type'),
    message: reader.text([...path, 'message'], error.message),
    environment: optional('environment'),
    project: optional('project'),
    correlationKey: optional('correlationKey'),
    traceId: optional('traceId'),
    data: error.data == null ? null : JSON.stringify(error.data),
    at: reader.instant([...path, 'at'], error.at),
  };
}
