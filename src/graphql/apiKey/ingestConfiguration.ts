import type { IngestConfiguration, SeverityMapping } from '../../domain/detection/ingestConfiguration.ts';
import { builder } from '../builder.ts';
import { IncidentSeverityEnum } from '../enums.ts';

const SeverityMappingType = builder.objectRef<SeverityMapping>('SeverityMapping').implement({
  description: 'A severity as a source writes it, and what it means here.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'As the source writes it; compared without case.' }),
    severity: t.expose('severity', { type: IncidentSeverityEnum, description: 'What it means here.' }),
  }),
});

/** How what a key of scope INGEST brings is read. */
export const IngestConfigurationType = builder
  .objectRef<IngestConfiguration>('IngestConfiguration')
  .implement({
    description:
      'How what an API key of scope INGEST brings is read. Where a delivery names its own service, project or environment, that counts.',
    fields: (t) => ({
      version: t.exposeInt('version', { description: 'One up with every change; 0 while there was none.' }),
      source: t.exposeString('source', {
        nullable: true,
        description: "What incidents and signals name as their source; null: the format's name.",
      }),
      service: t.exposeString('service', {
        nullable: true,
        description: 'The service of what names none.',
      }),
      project: t.exposeString('project', {
        nullable: true,
        description: 'The project of what names none.',
      }),
      environment: t.exposeString('environment', {
        nullable: true,
        description: 'The environment of what names none.',
      }),
      defaultSeverity: t.expose('defaultSeverity', {
        type: IncidentSeverityEnum,
        nullable: true,
        description: 'What a severity reads as that is on no list; null: SEV3.',
      }),
      severityMap: t.field({
        type: [SeverityMappingType],
        description: "Severities as the source writes them; asked before the format's own list.",
        resolve: ({ severityMap }) => severityMap,
      }),
      requestsPerMinute: t.exposeInt('requestsPerMinute', {
        nullable: true,
        description:
          'Deliveries a minute, and as many at once, that each instance takes; more are answered 429. Null: as many as come.',
      }),
      mapping: t.exposeString('mapping', {
        nullable: true,
        description:
          'The JSONata expression that makes alerts of what comes as generic JSON; null: it is read as it is.',
      }),
      hasSigningSecret: t.exposeBoolean('hasSigningSecret', {
        description: 'Whether there is a secret that the sender signs with; it is never shown.',
      }),
    }),
  });
