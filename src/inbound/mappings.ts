import type { MappingPreview, Mappings, PreviewedAlert } from '../app/mappings.ts';
import { nestsDeeper, tooDeep } from '../domain/nestsDeeper.ts';
import { mappedAlerts } from './json.ts';
import type { MappingEvaluator } from './mappingEvaluator.ts';
import type { SignalDelivery } from './translation.ts';

/** Stands for the key a delivery would come with. */
const nobody = 'preview';

/** Mappings tried out as deliveries are read, with nothing written. */
export function createMappings(evaluator: MappingEvaluator): Mappings {
  return {
    async problemOf(mapping, organizationId) {
      const evaluated = await evaluator.evaluate(mapping, null, { organizationId, of: nobody });
      return 'problem' in evaluated ? evaluated.problem : null;
    },
    async preview(mapping, body, organizationId): Promise<MappingPreview> {
      let raw: unknown;
      try {
        raw = JSON.parse(body);
      } catch {
        return { alerts: [], problems: [{ path: ['body'], message: 'This is not JSON.' }] };
      }
      if (nestsDeeper(raw)) return { alerts: [], problems: [{ path: ['body'], message: tooDeep }] };
      const evaluated = await evaluator.evaluate(mapping, body, { organizationId, of: nobody });
      const translation = mappedAlerts(evaluated, raw, { apiKeyId: nobody });
      if ('problems' in translation) return { alerts: [], problems: translation.problems };
      return { alerts: translation.commands.map(previewed), problems: [] };
    },
  };
}

function previewed({ declare, firing, dedupKey, acknowledge }: SignalDelivery): PreviewedAlert {
  const does = firing.length > 0 ? 'FIRE' : acknowledge != null ? 'ACKNOWLEDGE' : 'RESOLVE';
  return {
    key: dedupKey.slice(`json:${nobody}:`.length),
    does,
    title: declare.title,
    severity: declare.severity,
    service: declare.service ?? null,
    environment: declare.environment ?? null,
    project: declare.project ?? null,
  };
}
