import { webhookFormats } from './formats.ts';
import { createKeyThrottle } from './keyThrottle.ts';
import { receiveErrors } from './receiveErrors.ts';
import { receiveIncidents } from './receiveIncidents.ts';
import { isOpsgeniePath, receiveOpsgenie } from './receiveOpsgenie.ts';
import { receivePagerDuty } from './receivePagerDuty.ts';
import { receivePagerDutyChange } from './receivePagerDutyChange.ts';
import { receiveWebhook } from './receiveWebhook.ts';
import type { InboundOptions, InboundRequest, Reception } from './reception.ts';
import { type InboundReply, jsonReply } from './reply.ts';

/** Answers a webhook; null when the path is not a connector's. */
export type Inbound = (request: InboundRequest) => Promise<InboundReply | null>;

const defaultBodyLimit = 1_048_576;

/** What programs report as they could by a mutation, by its name in the path. */
const reports: Readonly<Record<string, typeof receiveErrors>> = {
  errors: receiveErrors,
  incidents: receiveIncidents,
};

/** PagerDuty's two addresses. */
const pagerDutys: Readonly<Record<string, (reception: Reception) => Promise<InboundReply>>> = {
  '/v2/enqueue': receivePagerDuty,
  '/v2/change/enqueue': receivePagerDutyChange,
};

/**
 * The webhooks, reported errors and synced incidents: `POST /inbound/<format>/<key>` or with the key as Bearer token, PagerDuty's `POST /v2/enqueue` and
 * `POST /v2/change/enqueue`, and Opsgenie's `/v2/alerts`. The key must have scope INGEST and nothing else. A 2xx is only
 * ever answered once every command of the delivery is committed.
 *
 * @throws whatever reading the body or looking up the key throws; for everything else there is an answer.
 */
export function createInbound(options: InboundOptions): Inbound {
  const limits = { ...options.limits, throttle: options.limits?.throttle ?? createKeyThrottle() };
  const formats = webhookFormats(options);
  return async (request) => {
    const path = request.path.split('?', 1)[0] ?? '';
    const [, name, key = ''] = /^\/inbound\/([a-z]+)(?:\/([^/]*))?\/?$/.exec(path) ?? [];
    const format = formats.find((one) => one.name === name);
    const bodyLimit = options.limits?.bodyBytes ?? format?.bodyBytes ?? defaultBodyLimit;
    const reception = { ...options, limits, request, bodyLimit };
    if (isOpsgeniePath(path)) return receiveOpsgenie(reception);
    const receivePagerDutys = Object.hasOwn(pagerDutys, path) ? pagerDutys[path] : undefined;
    const { scopeOf } = options;
    const receiveReport =
      name !== undefined && scopeOf !== undefined && Object.hasOwn(reports, name) ? reports[name] : undefined;
    if (format === undefined && receivePagerDutys === undefined && receiveReport === undefined) return null;
    if (request.method !== 'POST') {
      const message = 'Only POST is possible here.';
      return jsonReply(405, { code: 'BAD_USER_INPUT', message }, { allow: 'POST' });
    }
    if (format !== undefined) return receiveWebhook(format, reception, key);
    if (receiveReport !== undefined && scopeOf !== undefined) return receiveReport(reception, scopeOf, key);
    return receivePagerDutys?.(reception) ?? null;
  };
}
