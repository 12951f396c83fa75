import type { AdministrationEvent } from '../domain/administration/events.ts';
import { catalogueRows } from './catalogueRows.ts';
import type { TableRows } from './port.ts';

/**
 * The rows of an event of administration, derived from nothing but the event. Some names are not tables but what
 * happens to rows of one: `organization_name`, `membership_role`, `member_removal`, `invitation_revocation`,
 * `api_key_revocation`, `api_key_rotation`, `published_event_withdrawal`, `superadmin_grant`, `superadmin_revocation`. Rows that hold what no event may say (hashes,
 * addresses) are made where that is known: see {@link apiKeyRow} and {@link invitationRow}.
 */
export function administrationRows(event: AdministrationEvent): TableRows {
  const { at } = event;
  switch (event.type) {
    case 'ORGANIZATION_RENAMED':
      return { organization_name: [{ name: event.payload.name }] };
    case 'INVITATION_REVOKED':
      return { invitation_revocation: [{ id: event.payload.invitationId, revoked_at: at }] };
    case 'MEMBER_ADDED': {
      const { userId, role, invitationId = null } = event.payload;
      return { membership: [{ user_id: userId, role, created_at: at, invitation_id: invitationId }] };
    }
    case 'MEMBER_ROLE_CHANGED': {
      const { userId, role } = event.payload;
      return { membership_role: [{ user_id: userId, role }] };
    }
    case 'MEMBER_REMOVED':
      return { member_removal: [{ user_id: event.payload.userId, left_at: at }] };
    case 'ORGANIZATION_POLICY_CHANGED': {
      const { policy } = event.payload;
      return { policy: [{ version: policy.version, at, policy: JSON.stringify(policy) }] };
    }
    case 'SUPERADMIN_GRANTED':
      return { superadmin_grant: [{ user_id: event.payload.userId, granted_at: at }] };
    case 'SUPERADMIN_REVOKED':
      return { superadmin_revocation: [{ user_id: event.payload.userId, revoked_at: at }] };
    case 'PLATFORM_EVENT_APPROVED': {
      const { ofSequence: sequence, incidentId: incident_id, ...published } = event.payload;
      return { published_event: [{ sequence, incident_id, ...published, approved_at: at }] };
    }
    case 'PLATFORM_EVENT_WITHDRAWN':
      return { published_event_withdrawal: [{ sequence: event.payload.ofSequence }] };
    case 'API_KEY_REVOKED':
      return { api_key_revocation: [{ id: event.payload.apiKeyId, revoked_at: at }] };
    case 'API_KEY_ROTATED': {
      const { apiKeyId, prefix, overlapEndsAt } = event.payload;
      return { api_key_rotation: [{ id: apiKeyId, prefix, previous_ends_at: overlapEndsAt }] };
    }
    case 'API_KEY_INGEST_CONFIGURED': {
      const { apiKeyId, configuration } = event.payload;
      return { api_key_ingest: [{ id: apiKeyId, ingest: JSON.stringify(configuration) }] };
    }
    case 'TEAM_CREATED':
    case 'TEAM_UPDATED':
    case 'TEAM_MERGED':
    case 'TEAM_MEMBER_ADDED':
    case 'TEAM_MEMBER_REMOVED':
    case 'SERVICE_CREATED':
    case 'SERVICE_UPDATED':
    case 'SERVICE_MERGED':
    case 'PROJECT_CREATED':
    case 'PROJECT_UPDATED':
    case 'PROJECT_MERGED':
      return catalogueRows(event);
    default:
      return {};
  }
}
