import { alertmanager } from './alertmanager.ts';
import { checkSentry } from './checkSentry.ts';
import { createCheckSns, type FetchFromAmazon } from './checkSns.ts';
import { cloudWatch } from './cloudWatch.ts';
import { datadog } from './datadog.ts';
import { grafana } from './grafana.ts';
import { createKeyThrottle } from './keyThrottle.ts';
import { isOpsgeniePath, receiveOpsgenie } from './receiveOpsgenie.ts';
import { receivePagerDuty } from './receivePagerDuty.ts';
import { receivePagerDutyChange } from './receivePagerDutyChange.ts';
import { receiveWebhook, type WebhookFormat } from './receiveWebhook.ts';
import type { InboundOptions, InboundRequest, Reception } from './reception.ts';
import { type InboundReply, jsonReply } from './reply.ts';
import { sentry } from './sentry.ts';

/** Answers a webhook; null when the path is not a connector's. */
export type Inbound = (request: InboundRequest) => Promise<InboundReply | null>;

const defaultBodyLimit = 1_048_576;

/** What comes to `/inbound/<name>`, but for what is signed. */
const plainFormats: readonly WebhookFormat[] = [
  {
    name: 'alertmanager',
    translate: alertmanager,
    sendLess: 'max_alerts of the webhook limits what is sent.',
  },
  {
    name: 'grafana',
    translate: grafana,
    sendLess: 'Max Alerts of the contact point limits what is sent.',
  },
  { name: 'datadog', translate: datadog, sendLess: 'leave what is not needed out of the payload.' },
];

/** PagerDuty's two addresses. */
const pagerDutys: Readonly<Record<string, (reception: Reception) => Promise<InboundReply>>> = {
  '/v2/enqueue': receivePagerDuty,
  '/v2/change/enqueue': receivePagerDutyChange,
};

/** What comes to `/inbound/<name>` signed by who sends it. */
function signedFormats(fetchFromAmazon: FetchFromAmazon): readonly WebhookFormat[] {
  const checkSns = createCheckSns(fetchFromAmazon);
  return [
    {
      name: 'sentry',
      translate: sentry,
      check: async (delivery, { now, signingSecretOf }, principal) => {
        try {
          return checkSentry(delivery, await signingSecretOf(principal), now());
        } catch (error) {
          return { later: error };
        }
      },
      sendLess: 'Sentry sends no body as large as this.',
    },
    {
      name: 'sns',
      translate: cloudWatch,
      check: (delivery, { now }) => checkSns(delivery, now()),
      sendLess: 'Amazon SNS sends no body as large as this.',
    },
  ];
}

/**
 * The webhooks: `POST /inbound/<format>/<key>` or with the key as Bearer token, PagerDuty's `POST /v2/enqueue` and
 * `POST /v2/change/enqueue`, and Opsgenie's `/v2/alerts`. The key must have scope INGEST and nothing else. A 2xx is only
 * ever answered once every command of the delivery is committed.
 *
 * @throws whatever reading the body or looking up the key throws; for everything else there is an answer.
 */
export function createInbound(options: InboundOptions): Inbound {
  const bodyLimit = options.limits?.bodyBytes ?? defaultBodyLimit;
  const limits = { ...options.limits, throttle: options.limits?.throttle ?? createKeyThrottle() };
  const formats = [...plainFormats, ...signedFormats(options.fetchFromAmazon)];
  return async (request) => {
    const path = request.path.split('?', 1)[0] ?? '';
    if (isOpsgeniePath(path)) return receiveOpsgenie({ ...options, limits, request, bodyLimit });
    const [, name, key = ''] = /^\/inbound\/([a-z]+)(?:\/([^/]*))?\/?$/.exec(path) ?? [];
    const format = formats.find((one) => one.name === name);
    const receivePagerDutys = Object.hasOwn(pagerDutys, path) ? pagerDutys[path] : undefined;
    if (format === undefined && receivePagerDutys === undefined) return null;
    if (request.method !== 'POST') {
      const message = 'Only POST is possible here.';
      return jsonReply(405, { code: 'BAD_USER_INPUT', message }, { allow: 'POST' });
    }
    const reception = { ...options, limits, request, bodyLimit };
    if (format !== undefined) return receiveWebhook(format, reception, key);
    return receivePagerDutys?.(reception) ?? null;
  };
}
