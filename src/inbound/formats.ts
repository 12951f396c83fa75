import { alertmanager } from './alertmanager.ts';
import { checkSentry } from './checkSentry.ts';
import { createCheckSns } from './checkSns.ts';
import { cloudWatch } from './cloudWatch.ts';
import { datadog } from './datadog.ts';
import { grafana } from './grafana.ts';
import { json } from './json.ts';
import type { WebhookFormat } from './receiveWebhook.ts';
import type { InboundOptions } from './reception.ts';
import { sentry } from './sentry.ts';

/**
 * The largest body of a sender that puts a whole group of alerts into one: some 12,000 of them. It takes any 4XX for the
 * end of it, so a limit that an outage reaches would let nobody know of that outage.
 */
const groupBytes = 8 * 1_048_576;

/** What comes to `/inbound/<name>`, but for what is mapped or signed. */
const plainFormats: readonly WebhookFormat[] = [
  {
    name: 'alertmanager',
    translate: alertmanager,
    sendLess: 'max_alerts of the webhook limits what is sent.',
    bodyBytes: groupBytes,
    comesAgainAfter5xxAlone: true,
  },
  {
    name: 'grafana',
    translate: grafana,
    sendLess: 'Max Alerts of the contact point limits what is sent.',
    bodyBytes: groupBytes,
    comesAgainAfter5xxAlone: true,
  },
  {
    name: 'datadog',
    translate: datadog,
    sendLess: 'leave what is not needed out of the payload.',
    comesAgainAfter5xxAlone: true,
  },
];

/** What comes to `/inbound/<name>` mapped, or signed by who sends it. */
function otherFormats({ fetchFromAmazon, mappings }: FormatOptions): readonly WebhookFormat[] {
  const checkSns = createCheckSns(fetchFromAmazon);
  return [
    {
      name: 'json',
      translate: (body, context) => json(body, context, mappings),
      sendLess: 'send fewer alerts at a time.',
    },
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
      comesAgainAfter5xxAlone: true,
    },
    {
      name: 'sns',
      translate: cloudWatch,
      check: (delivery, { now }) => checkSns(delivery, now()),
      sendLess: 'Amazon SNS sends no body as large as this.',
      comesAgainAfter5xxAlone: true,
    },
  ];
}

/** What formats need beside a delivery. */
type FormatOptions = Pick<InboundOptions, 'fetchFromAmazon' | 'mappings'>;

/** Every format that comes to `/inbound/<name>`. */
export function webhookFormats(options: FormatOptions): readonly WebhookFormat[] {
  return [...plainFormats, ...otherFormats(options)];
}
