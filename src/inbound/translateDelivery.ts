import type { TranslateDelivery } from '../app/translateDelivery.ts';
import { alertmanager } from './alertmanager.ts';
import { datadog } from './datadog.ts';
import { grafana } from './grafana.ts';
import { pagerDuty, readPagerDutyEvent } from './pagerDuty.ts';
import type { Translation, TranslationContext } from './translation.ts';

/** Nothing of this is committed, so the key it stands for is nobody's. */
const nobody: TranslationContext = { apiKeyId: '00000000-0000-0000-0000-000000000000' };

const formats: Readonly<Record<string, (body: unknown, context: TranslationContext) => Translation>> = {
  alertmanager,
  grafana,
  datadog,
  pagerduty(body, context) {
    const found = readPagerDutyEvent(body);
    if ('problems' in found) return found;
    return { commands: [pagerDuty(found.event, found.event.dedupKey ?? 'preview', context)] };
  },
};

/** Translates the body of a webhook without carrying anything out: for whoever wants to know what would become of it. */
export const translateDelivery: TranslateDelivery = (format, body) => {
  const translate = Object.hasOwn(formats, format) ? formats[format] : undefined;
  return translate?.(body, nobody) ?? null;
};
