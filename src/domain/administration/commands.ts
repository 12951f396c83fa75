import type { OperationKind } from '../access/accessEntry.ts';
import type { ApiKeyScope, MemberRole } from '../access/actor.ts';
import type { CatalogueCommandInputs } from '../catalogue/commands.ts';
import type { DetectionRule } from '../detection/detectionRule.ts';
import type { SeverityMapping } from '../detection/ingestConfiguration.ts';
import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';
import type { MaintenanceWindow, Recurrence } from '../maintenance/maintenanceWindow.ts';
import type { BurstThreshold, EscalationRule, RunPolicy, WorkflowGateRule } from '../policy/policy.ts';

/** Organization mutation → its input without expectedVersion (of the policy) and idempotencyKey. */
export interface AdministrationCommandInputs extends CatalogueCommandInputs {
  setSlaPolicy: {
    readonly targets: readonly {
      readonly severity: IncidentSeverity;
      readonly acknowledgeWithinMinutes: number;
      readonly resolveWithinMinutes: number;
      readonly atRiskPercent?: number | null;
    }[];
  };
  setEscalationRules: {
    readonly rules: readonly (Omit<EscalationRule, 'severities' | 'afterMinutes'> & {
      readonly severities?: readonly IncidentSeverity[] | null;
      readonly afterMinutes?: number | null;
    })[];
  };
  setWorkflowPolicy: {
    readonly gates?:
      | readonly (Omit<WorkflowGateRule, 'severities'> & {
          readonly severities?: readonly IncidentSeverity[] | null;
        })[]
      | null;
    readonly overdueAfterMinutes?: number | null;
    readonly acknowledgeNoteRequired?: boolean | null;
  };
  setAutoResolvePolicy: {
    /** null: never. Absent: unchanged. */
    readonly staleAfterHours?: number | null;
    readonly staleSeverities?: readonly IncidentSeverity[] | null;
    readonly silenceMinutes?: number | null;
    readonly resolveOnClear?: readonly IncidentSeverity[] | null;
  };
  setRunPolicy: {
    readonly thresholds?: readonly BurstThreshold[] | null;
    readonly sources?: RunPolicy['sources'] | null;
  };
  setSessionGatePolicy: {
    readonly enabled?: boolean | null;
    readonly afterMinutes?: number | null;
    readonly severities?: readonly IncidentSeverity[] | null;
  };
  /** What a SUPERADMIN is about to do in an organization they are no member of. */
  recordSuperadminAct: {
    readonly operation: OperationKind;
    /** At most 100 are kept. */
    readonly fields: readonly string[];
    readonly requestId: string;
  };
  /** In the platform's organization: who may act in every other. */
  grantSuperadmin: { readonly userId: string };
  revokeSuperadmin: { readonly userId: string };
  setAccessLogPolicy: { readonly logIncidentReads: boolean };
  setMaintenanceWindows: {
    readonly windows: readonly (Pick<MaintenanceWindow, 'name' | 'effect'> & {
      readonly sources?: readonly string[] | null;
      readonly environments?: readonly string[] | null;
      readonly serviceIds?: readonly string[] | null;
      readonly from?: Instant | null;
      readonly until?: Instant | null;
      readonly recurring?: Recurrence | null;
    })[];
  };
  setDetectionRules: {
    readonly rules: readonly (Pick<DetectionRule, 'name' | 'outcome'> & {
      readonly [C in Exclude<keyof DetectionRule, 'name' | 'outcome'>]?: DetectionRule[C] | null;
    })[];
  };
  setActionWebhook: {
    /** The policy's. */
    readonly expectedVersion?: number | null;
    readonly source: string;
    readonly url: string;
    /** Made by the application, of use when the source has no webhook yet; never stored in the ledger. Hexadecimal. */
    readonly made: { readonly sealed: string };
  };
  removeActionWebhook: { readonly source: string };
  rotateActionWebhookSecret: {
    readonly source: string;
    readonly overlapMinutes: number;
    readonly made: { readonly sealed: string };
  };
  createApiKey: {
    readonly name: string;
    readonly role: MemberRole;
    readonly scopes: readonly ApiKeyScope[];
    readonly expiresAt?: Instant | null;
    /** Made by the application, never stored in the ledger: id, shown prefix and SHA-256 of the secret (hexadecimal). */
    readonly made: { readonly apiKeyId: string; readonly prefix: string; readonly hash: string };
  };
  revokeApiKey: { readonly apiKeyId: string };
  rotateApiKey: {
    readonly apiKeyId: string;
    readonly overlapMinutes: number;
    /** Made by the application; of these only the prefix is stored in the ledger. */
    readonly made: { readonly prefix: string; readonly hash: string };
  };
  setIngestConfiguration: {
    readonly apiKeyId: string;
    /** The configuration's, not the policy's. */
    readonly expectedVersion?: number | null;
    /** Of each: null takes it back; absent leaves it as it was. */
    readonly source?: string | null;
    readonly service?: string | null;
    readonly project?: string | null;
    readonly environment?: string | null;
    readonly defaultSeverity?: IncidentSeverity | null;
    readonly severityMap?: readonly SeverityMapping[] | null;
    readonly requestsPerMinute?: number | null;
    /** `problem`: why it is no mapping, found out by the application; null when it is one. */
    readonly mapping?: { readonly text: string; readonly problem: string | null } | null;
    /** `sealed`: what is stored of it, made by the application, hexadecimal. Neither is ever in the ledger. */
    readonly signingSecret?: { readonly text: string; readonly sealed: string } | null;
  };
  renameOrganization: { readonly name: string };
  inviteMember: {
    readonly email: string;
    readonly role: MemberRole;
    /** Made by the application, never stored in the ledger but for the id; SHA-256 of the tokens (hexadecimal). */
    readonly made: {
      readonly invitationId: string;
      readonly tokenHash: string;
      readonly mailTokenHash: string;
    };
  };
  revokeInvitation: { readonly invitationId: string };
  acceptInvitation: {
    readonly invitationId: string;
    /** Who is signed in. */
    readonly userId: string;
    /** Their account was made by this very acceptance, so that nobody else can have set it up. */
    readonly isNew?: boolean;
  };
  removeMember: { readonly userId: string };
  changeMemberRole: { readonly userId: string; readonly role: MemberRole };
  /** Shows an entry of the platform's timeline to every organization; `message` null or absent: in its own words. */
  approvePlatformEvent: { readonly sequence: number; readonly message?: string | null };
  withdrawPlatformEvent: { readonly sequence: number };
  /** An organization's own first entries. */
  foundOrganization: {
    readonly slug: string;
    readonly name: string;
    /** Null: the platform's own organization. */
    readonly administrator: { readonly userId: string } | null;
  };
}

export type AdministrationCommandName = keyof AdministrationCommandInputs;

/** One organization mutation with its input. */
export type AdministrationCommand = {
  [N in AdministrationCommandName]: { readonly name: N; readonly input: AdministrationCommandInputs[N] };
}[AdministrationCommandName];
