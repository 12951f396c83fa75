import { expect } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import type { TestApi } from '../support/testApi.ts';
import { DetectionWorld } from './detectionWorld.ts';

interface Found {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly status: string;
  readonly tags: readonly string[];
  readonly commander: { readonly name: string } | null;
}

/** What the preview of an error says. */
export interface Preview {
  readonly outcome: string | null;
  readonly rule: string | null;
  readonly suppressedBy: string | null;
  readonly declares: {
    readonly title: string;
    readonly severity: string;
    readonly tags: readonly string[];
    readonly roles: readonly { readonly role: string; readonly user: { readonly name: string } | null }[];
  } | null;
  readonly joins: { readonly id: string } | null;
  readonly steps: readonly { readonly matches: boolean }[];
  readonly reported: {
    readonly fingerprint: string;
    readonly outcome: string;
    readonly why: string;
    readonly incident: Found | null;
    readonly severity: string | null;
  };
}

const incidentFields = 'id title severity status tags commander { name }';
/** Asks for all that {@link Preview} holds. */
export const previewDocument = `query($payload: PreviewPayloadInput!) { previewRules(payload: $payload) {
  outcome rule suppressedBy declares { title severity tags roles { role user { name } } } joins { id }
  steps { matches } reported { fingerprint outcome why incident { ${incidentFields} } severity } } }`;

/** An organization whose programs report errors, and what is said of those beforehand. */
export class ErrorWorld {
  readonly world: DetectionWorld;
  readonly #ingest: Principal;

  private constructor(world: DetectionWorld) {
    this.world = world;
    this.#ingest = world.here.key('MEMBER', ['INGEST']);
  }

  static async found(api: TestApi): Promise<ErrorWorld> {
    return new ErrorWorld(await DetectionWorld.found(api));
  }

  async preview(error: object, more: object = {}): Promise<Preview> {
    const payload = { error, ...more };
    const { previewRules } = await this.world.read<{ previewRules: Preview[] }>(previewDocument, { payload });
    expect(previewRules).toHaveLength(1);
    return previewRules[0] as Preview;
  }

  async report(error: object): Promise<{ outcome: string; incidentId: string | null }> {
    const { data, errors } = await this.world.api.run<{
      reportErrors: { errors: { outcome: string; incidentId: string | null }[] };
    }>(
      this.#ingest,
      `mutation($input: ReportErrorsInput!) { reportErrors(input: $input) {
         ... on ReportErrorsPayload { errors { outcome incidentId } } ... on UserError { message } } }`,
      { input: { errors: [error] } },
    );
    expect(errors).toEqual([]);
    const [became] = data.reportErrors.errors;
    if (became === undefined) throw new Error('Nothing became of it.');
    return became;
  }

  async incident(id: string): Promise<Found> {
    const { incident } = await this.world.read<{ incident: Found }>(
      `query($id: ID!) { incident(id: $id) { ${incidentFields} } }`,
      { id },
    );
    return incident;
  }

  /** What must not change by a preview. */
  async written(): Promise<unknown> {
    const tables = ['ledger_event', 'incident', 'reported_error', 'signal', 'lost_signal', 'service'];
    const counts = tables.map((table) => `(SELECT count(*)::int FROM warroom.${table}) AS ${table}`);
    return this.world.api.database.asOrganization(
      this.world.here.organizationId,
      `SELECT ${counts.join(', ')}`,
    );
  }

  async resolve(incidentId: string): Promise<void> {
    const cause = { summary: 'Pool', category: 'CONFIGURATION', remediationSteps: 'Recycle' };
    await this.world.do('acknowledgeIncident', { incidentId });
    await this.world.do('recordRootCause', { incidentId, ...cause });
    const resolved = await this.world.do('resolveIncident', { incidentId, summary: 'Recycled' });
    expect(resolved).toMatchObject({ incident: { status: 'RESOLVED' } });
  }
}
