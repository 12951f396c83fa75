import { limits } from '../domain/incident/limits.ts';
import type { ExternalRef } from '../domain/incident/state.ts';
import { type AlertDialect, alertCommands } from './alertDelivery.ts';
import { type Alert, type AlertGroup, readAlertGroup } from './alertGroup.ts';
import { httpUrlOrNull } from './clip.ts';
import { FieldReader } from './fieldReader.ts';
import { keyText } from './keys.ts';
import type { Translation, TranslationContext } from './translation.ts';

const source = 'alertmanager';

const dialect: AlertDialect = {
  source,
  nameless: 'Alert from Alertmanager',
  titleOf: () => undefined,
  leftOutBy: 'Alertmanager (max_alerts)',
  externalRefs,
};

/**
 * Translates a delivery of Alertmanager's webhook, version 4.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function alertmanager(body: unknown, context: TranslationContext): Translation {
  const reader = new FieldReader();
  const group = readAlertGroup(reader, body, ['4']);
  if (reader.problems.length > 0) return { problems: reader.problems };
  return { commands: alertCommands(group, dialect, context) };
}

function externalRefs(group: AlertGroup, first: Alert | undefined): readonly ExternalRef[] {
  const refs: ExternalRef[] = [
    { system: source, id: keyText(group.key), url: alertsUrl(group.externalUrl, group.receiver) },
  ];
  if (first?.generatorUrl != null) {
    refs.push({ system: 'prometheus', id: first.fingerprint, url: first.generatorUrl });
  }
  return refs;
}

/** Alertmanager's own page of the receiver's alerts. */
function alertsUrl(externalUrl: string | null, receiver: string | null): string | null {
  if (externalUrl === null || receiver === null) return externalUrl;
  const page = `${externalUrl.replace(/\/$/, '')}/#/alerts?receiver=${encodeURIComponent(receiver)}`;
  return httpUrlOrNull(page, limits.reference);
}
