import type { DetectionRule } from '../detection/detectionRule.ts';
import { unknownPlaceholders } from '../detection/titleFrom.ts';
import { limits } from '../incident/limits.ts';
import { nameKey } from '../incident/naming.ts';
import { InputCheck } from '../inputCheck.ts';
import type { AdministrationCommandInputs } from './commands.ts';
import type { AdministrationVerb } from './decision.ts';
import { policyChange } from './policyChange.ts';
import { severitySetOrAll } from './severitySet.ts';

/** The most rules a policy has. */
const rulesLimit = 100;

/** The most patterns, texts or labels of one condition. */
const conditionsLimit = 20;

/** The longest pattern or text of a condition, in UTF-16 units. */
const patternLimit = 200;

type RuleInput = AdministrationCommandInputs['setDetectionRules']['rules'][number];

/** Sets all rules of detection, in the order they are tried; an empty list turns them off. */
export const setDetectionRules: AdministrationVerb<'setDetectionRules'> = (input, { policy, facts }) => {
  const check = new InputCheck();
  const names = new Set<string>();
  const detectionRules = check.list(
    'rules',
    input.rules,
    (path, rule) => {
      const name = check.text([...path, 'name'], rule.name, 80);
      if (name !== '' && names.has(nameKey(name)))
        check.note([...path, 'name'], 'Another rule has this name.');
      names.add(nameKey(name));
      return { name, ...conditionsOf(check, path, rule), ...outcomeOf(check, path, rule, facts) };
    },
    rulesLimit,
  );
  return check.refusal ?? policyChange('DETECTION_RULES', policy, { detectionRules });
};

/** The conditions of a rule or a maintenance window as the policy keeps them. */
function conditionsOf(check: InputCheck, path: readonly string[], rule: RuleInput) {
  const patterns = (field: 'sources' | 'services' | 'environments' | 'text') =>
    patternsOf(check, [...path, field], rule[field]);
  const labels = some(rule.labels)?.map(({ name, pattern }, index) => ({
    name: check.text([...path, 'labels', String(index), 'name'], name, patternLimit),
    pattern: check.text([...path, 'labels', String(index), 'pattern'], pattern, patternLimit),
  }));
  bounded(check, [...path, 'labels'], labels);
  return {
    sources: patterns('sources'),
    services: patterns('services'),
    environments: patterns('environments'),
    severities: severitySetOrAll(check, [...path, 'severities'], rule.severities),
    labels: labels ?? null,
    text: patterns('text'),
  };
}

/** Patterns that each say something, each once; null for none. */
export function patternsOf(
  check: InputCheck,
  path: readonly string[],
  patterns: readonly string[] | null | undefined,
): readonly string[] | null {
  const read = some(patterns)?.map((text, index) => check.text([...path, String(index)], text, patternLimit));
  bounded(check, path, read);
  return read === undefined ? null : [...new Set(read)];
}

function outcomeOf(
  check: InputCheck,
  path: readonly string[],
  rule: RuleInput,
  facts: Parameters<AdministrationVerb<'setDetectionRules'>>[1]['facts'],
): Pick<DetectionRule, 'outcome' | 'severity' | 'title' | 'tags' | 'roles'> {
  const title = check.optionalText([...path, 'title'], rule.title, limits.title);
  const tags = [
    ...new Set(
      (rule.tags ?? []).map((tag, index) => check.text([...path, 'tags', String(index)], tag, limits.tag)),
    ),
  ];
  bounded(check, [...path, 'tags'], tags);
  for (const name of title === null ? [] : unknownPlaceholders(title)) {
    const known = '{title}, {summary}, {source}, {service}, {environment}, {severity} and {label:NAME}';
    check.note([...path, 'title'], `Nothing is called {${name}}. There are ${known}.`);
  }
  const given = new Set<string>();
  const roles = rule.roles ?? [];
  for (const [index, { role, userId }] of roles.entries()) {
    const at = [...path, 'roles', String(index)];
    if (given.has(role)) check.note([...at, 'role'], 'Somebody has this role already.');
    given.add(role);
    if (facts.memberRole(userId) === undefined)
      check.note([...at, 'userId'], 'This user is not a member of your organization.');
  }
  const says = rule.severity != null || title !== null || tags.length > 0 || roles.length > 0;
  if (rule.outcome !== 'DECLARE' && says)
    check.note([...path, 'outcome'], 'Severity, title, tags and roles are of a rule that declares.');
  return { outcome: rule.outcome, severity: rule.severity ?? null, title, tags, roles };
}

function some<V>(list: readonly V[] | null | undefined): readonly V[] | undefined {
  return list == null || list.length === 0 ? undefined : list;
}

function bounded(check: InputCheck, path: readonly string[], list: readonly unknown[] | undefined): void {
  if (list !== undefined && list.length > conditionsLimit)
    check.note(path, `At most ${conditionsLimit} are allowed; these are ${list.length}.`);
}
