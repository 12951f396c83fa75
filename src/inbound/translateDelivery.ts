import type { DeliveredBy, deliveryFormats, TranslateDelivery } from '../app/translateDelivery.ts';
import { alertmanager } from './alertmanager.ts';
import { cloudWatch } from './cloudWatch.ts';
import { configured } from './configured.ts';
import { datadog } from './datadog.ts';
import { isJsonObject } from './fieldReader.ts';
import { grafana } from './grafana.ts';
import { json } from './json.ts';
import type { MappingEvaluator } from './mappingEvaluator.ts';
import { alertErrors, filled, opsgenie, problemsIn } from './opsgenie.ts';
import { pagerDuty, readPagerDutyEvent } from './pagerDuty.ts';
import { sentry } from './sentry.ts';
import type { Translation, TranslationContext } from './translation.ts';

/** Nothing of this is committed, so the key it stands for is nobody's. */
const nobody = '00000000-0000-0000-0000-000000000000';

type Translate = (body: unknown, context: TranslationContext) => Translation | Promise<Translation>;

/** Translates the body of a webhook without carrying anything out: for whoever wants to know what would become of it. */
export function createTranslateDelivery(mappings: MappingEvaluator): TranslateDelivery {
  const formats: Readonly<Record<(typeof deliveryFormats)[number], Translate>> = {
    alertmanager,
    grafana,
    datadog,
    pagerduty: pagerDutyEvent,
    opsgenie: opsgenieAlert,
    sentry,
    sns: cloudWatch,
    json: (body, context) => json(body, context, mappings),
  };
  const known = new Map<string, Translate>(Object.entries(formats));
  return async (format, body, by) => {
    const translation = await known.get(format)?.(body, contextOf(by));
    if (translation === undefined || 'problems' in translation) return translation ?? null;
    const ingest = by.ingest ?? undefined;
    return { commands: translation.commands.map((command) => configured(command, ingest)) };
  };
}

function contextOf({ organizationId, ingest }: DeliveredBy): TranslationContext {
  const { defaultSeverity = null, severityMap = [], mapping = null } = ingest ?? {};
  return {
    apiKeyId: nobody,
    organizationId,
    severityMap,
    mapping,
    ...(defaultSeverity !== null && { defaultSeverity }),
  };
}

function pagerDutyEvent(body: unknown, context: TranslationContext): Translation {
  const found = readPagerDutyEvent(body);
  if ('problems' in found) return found;
  return { commands: [pagerDuty(found.event, found.event.dedupKey ?? 'preview', context)] };
}

function opsgenieAlert(body: unknown, context: TranslationContext): Translation {
  if (!isJsonObject(body)) return { problems: [{ path: [], message: 'An object is expected.' }] };
  const problems = problemsIn(alertErrors(body) ?? {});
  if (problems.length > 0) return { problems };
  return { commands: [opsgenie(body, filled(body.alias) ?? 'preview', context)] };
}
