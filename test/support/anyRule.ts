import type { DetectionRule } from '../../src/domain/detection/detectionRule.ts';

/** A rule of detection that asks for nothing and declares, but for what is given. */
export function anyRule(over: Partial<DetectionRule> = {}): DetectionRule {
  return {
    name: 'rule',
    sources: null,
    services: null,
    environments: null,
    severities: null,
    labels: null,
    text: null,
    outcome: 'DECLARE',
    severity: null,
    title: null,
    tags: [],
    roles: [],
    ...over,
  };
}
