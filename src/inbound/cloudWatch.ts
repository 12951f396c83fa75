import { type SeverityReading, severityOfLabel } from '../domain/detection/severityReading.ts';
import { limits } from '../domain/incident/limits.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import type { Instant } from '../domain/instant.ts';
import { nestsDeeper } from '../domain/nestsDeeper.ts';
import { clip, clipOrNull, httpUrlOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { dedupKeyOf, keyText } from './keys.ts';
import { severityIn } from './severityIn.ts';
import { signalData } from './signalData.ts';
import { textOf } from './textOf.ts';
import type { SignalDelivery, Translation, TranslationContext } from './translation.ts';

const source = 'cloudwatch';

/** What a state reads as that the key does not map: without data nothing is known to be wrong yet. */
const severityOfState: SeverityReading = (state, fallback) =>
  state?.trim().toUpperCase() === 'INSUFFICIENT_DATA' ? 'SEV4' : severityOfLabel(state, fallback);

/** The region of an alarm, as its ARN names it. */
const arnPattern = /^arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):\d{12}:alarm:.+$/;

/**
 * Translates a notification of Amazon SNS that carries an alarm of CloudWatch: one incident per (API key, alarm). It
 * fires in ALARM and, where it is told of, in INSUFFICIENT_DATA; OK is the end of both.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function cloudWatch(body: unknown, context: TranslationContext): Translation {
  const reader = new FieldReader();
  const notification = reader.object([], body);
  const alarm = readMessage(reader, notification.Message);
  if (alarm === null) return { problems: reader.problems };
  const states = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const;
  const state = reader.oneOf(['Message', 'NewStateValue'], alarm.NewStateValue, states);
  const name = reader.text(['Message', 'AlarmName'], alarm.AlarmName);
  const arn = reader.text(['Message', 'AlarmArn'], alarm.AlarmArn);
  const at = reader.instant(['Message', 'StateChangeTime'], alarm.StateChangeTime);
  if (reader.problems.length > 0) return { problems: reader.problems };
  return { commands: [command({ state, name, arn, at, alarm }, context)] };
}

/** What the notification carries: JSON in a text. Null once noted. */
function readMessage(reader: FieldReader, message: unknown): JsonObject | null {
  const text = reader.text(['Message'], message);
  if (reader.problems.length > 0) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && !nestsDeeper(value)) return value;
  } catch {
    // Said below.
  }
  reader.note(['Message'], 'An alarm of CloudWatch is expected, as JSON.');
  return null;
}

interface Alarm {
  readonly state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  readonly name: string;
  readonly arn: string;
  readonly at: Instant | null;
  readonly alarm: JsonObject;
}

function command(told: Alarm, context: TranslationContext): SignalDelivery {
  const { state, name, arn, at, alarm } = told;
  const over = state === 'OK';
  const severity = severityIn(context, over ? null : state, severityOfState);
  return {
    dedupKey: dedupKeyOf(source, context.apiKeyId, arn),
    declare: {
      title: clip(name, limits.title) || 'Alarm of CloudWatch',
      description: descriptionOf(alarm),
      severity,
      source,
      externalRefs: [{ system: source, id: keyText(arn), url: consoleUrl(arn, name) }],
      detectedAt: at,
    },
    firing: over ? [] : [firingSignal(told, severity)],
    cleared: [],
    severity: over ? null : severity,
    resolve: over,
    resolvedAt: over ? at : null,
    endsAll: over,
  };
}

function firingSignal(
  { state, name, arn, at, alarm }: Alarm,
  severity: IncidentSeverity,
): SignalDelivery['firing'][number] {
  const reason = clipOrNull(alarm.NewStateReason, limits.signalSummary);
  return {
    type: 'METRIC',
    source,
    summary: clip(`${name}: ${reason ?? state}`, limits.signalSummary),
    severity: state,
    raisesTo: severity,
    data: signalData(alarm),
    fingerprint: keyText(`${arn}:${state}`),
    at,
    beganAt: at,
  };
}

function descriptionOf(alarm: JsonObject): string {
  const parts = [
    alarm.AlarmDescription,
    alarm.NewStateReason,
    ...metricsOf(alarm).flatMap(metricLines),
    // One made of other alarms has no metric, but the rule that it follows.
    typeof alarm.AlarmRule === 'string' ? `Rule: ${alarm.AlarmRule}` : '',
    typeof alarm.AWSAccountId === 'string' ? `Account ${alarm.AWSAccountId}, ${textOf(alarm.Region)}` : '',
  ];
  const said = parts.filter((part): part is string => typeof part === 'string' && part.trim() !== '');
  return clip(said.join('\n'), limits.description);
}

/** The metric of an alarm; those that it calculates with, where it watches an expression. */
function metricsOf({ Trigger }: JsonObject): readonly JsonObject[] {
  if (!isJsonObject(Trigger)) return [];
  if (!Array.isArray(Trigger.Metrics)) return [Trigger];
  return Trigger.Metrics.flatMap((entry: unknown) => {
    if (!isJsonObject(entry)) return [];
    const stat = isJsonObject(entry.MetricStat) ? entry.MetricStat : {};
    return isJsonObject(stat.Metric) ? [stat.Metric] : [];
  });
}

/** A metric's name, and below it what it is of. */
function metricLines(metric: JsonObject): readonly string[] {
  const dimensions = Array.isArray(metric.Dimensions) ? metric.Dimensions.filter(isJsonObject) : [];
  return [
    [metric.Namespace, metric.MetricName].filter((part) => typeof part === 'string').join(' '),
    dimensions.map(({ name, value }) => `${textOf(name)}=${textOf(value)}`).join(', '),
  ];
}

/** The alarm in Amazon's console; null where the ARN does not say where that is. */
function consoleUrl(arn: string, name: string): string | null {
  const [, region] = arnPattern.exec(arn) ?? [];
  if (region === undefined) return null;
  const host = region.startsWith('cn-') ? 'console.amazonaws.cn' : 'console.aws.amazon.com';
  const page = `https://${host}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(name)}`;
  return httpUrlOrNull(page, limits.reference);
}
