import { limits } from '../domain/incident/limits.ts';
import type { ExternalRef } from '../domain/incident/state.ts';
import { type AlertDialect, alertCommands } from './alertDelivery.ts';
import { type Alert, type AlertGroup, readAlertGroup } from './alertGroup.ts';
import { httpUrlOrNull } from './clip.ts';
import { FieldReader } from './fieldReader.ts';
import { keyText } from './keys.ts';
import type { Translation, TranslationContext } from './translation.ts';

const source = 'grafana';

const dialect: AlertDialect = {
  source,
  nameless: 'Alert from Grafana',
  // Grafana's own title is a count ("[FIRING:2] …") that is wrong by the next delivery; its rule's name is better.
  titleOf: () => undefined,
  leftOutBy: 'Grafana (Max Alerts)',
  externalRefs,
};

/**
 * Translates a delivery of Grafana Alerting's webhook contact point (version 1 of its body).
 * Source: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export function grafana(body: unknown, context: TranslationContext): Translation {
  const reader = new FieldReader();
  const group = readAlertGroup(reader, body, ['1']);
  if (reader.problems.length > 0) return { problems: reader.problems };
  return { commands: alertCommands(group, dialect, context) };
}

/** The group in Grafana, and of the alert that fires its rule, dashboard and panel, as far as it names them. */
function externalRefs(group: AlertGroup, first: Alert | undefined): readonly ExternalRef[] {
  const refs: ExternalRef[] = [{ system: source, id: keyText(group.key), url: group.externalUrl }];
  if (first === undefined) return refs;
  const { generatorUrl, fingerprint, raw } = first;
  if (generatorUrl !== null) refs.push({ system: 'grafana rule', id: fingerprint, url: generatorUrl });
  for (const [system, link] of [
    ['grafana dashboard', raw.dashboardURL],
    ['grafana panel', raw.panelURL],
  ] as const) {
    const url = httpUrlOrNull(link, limits.reference);
    if (url !== null) refs.push({ system, id: fingerprint, url });
  }
  return refs;
}
