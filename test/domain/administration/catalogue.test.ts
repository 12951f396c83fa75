import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/access/actor.ts';
import type { AdministrationCommand } from '../../../src/domain/administration/commands.ts';
import { decideAdministration } from '../../../src/domain/administration/decide.ts';
import { noFacts } from '../../../src/domain/administration/facts.ts';
import type { CatalogueEntry, CatalogueFacts } from '../../../src/domain/catalogue/facts.ts';
import { describeEvent } from '../../../src/domain/incident/describe.ts';
import { nameKey } from '../../../src/domain/incident/naming.ts';
import { defaultPolicy } from '../../../src/domain/policy/defaults.ts';
import { start } from '../../support/given.ts';

const ada: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };

/** Checkout, with its alias Cart; Search; each a service, a team and a project. Ben is in the team Checkout. */
const entries: readonly CatalogueEntry[] = [
  { id: 'checkout', name: 'Checkout', mergedInto: null },
  { id: 'cart', name: 'Cart', mergedInto: 'checkout' },
  { id: 'search', name: 'Search', mergedInto: null },
];
const entry = (id: string) => entries.find((one) => one.id === id);
const catalogue: CatalogueFacts = {
  holderOf: (_kind, name) => entries.find((one) => nameKey(one.name) === nameKey(name)),
  service: (id) => {
    const found = entry(id);
    return found && { ...found, ownerTeamId: 'search', tier: 2, runbook: null };
  },
  team: (id) => {
    const found = entry(id);
    return found && { ...found, slackChannel: '#checkout' };
  },
  project: entry,
  isTeamMember: (teamId, userId) => teamId === 'checkout' && userId === 'ben',
};

function decide(command: AdministrationCommand) {
  return decideAdministration(command, {
    organizationId: 'organization',
    commandId: 'command',
    actor: ada,
    scopes: [],
    at: start,
    policy: defaultPolicy,
    facts: {
      ...noFacts,
      catalogue,
      memberRole: (id) => (id === 'ben' || id === 'cleo' ? 'MEMBER' : undefined),
    },
  });
}

/** What was decided: the payload, `nothing`, or the refusal's kind and fields. */
function outcome(command: AdministrationCommand): unknown {
  const decision = decide(command);
  if (decision.ok) return decision.events[0]?.payload ?? 'nothing';
  const { refusal } = decision;
  return refusal.kind === 'ValidationError'
    ? `invalid ${refusal.fields.map(({ path }) => path.join('.')).join(' ')}`
    : refusal.kind;
}

const made = { id: 'new' };

describe('services', () => {
  it.each<[string, AdministrationCommand, unknown]>([
    [
      'made with all there is to say',
      {
        name: 'createService',
        input: { name: ' Mail ', ownerTeam: 'checkout', tier: 1, runbook: 'mail.md', made },
      },
      { serviceId: 'new', name: 'Mail', ownerTeamId: 'checkout', tier: 1, runbook: 'mail.md' },
    ],
    [
      'made with nothing but a name',
      { name: 'createService', input: { name: 'Mail', made } },
      { serviceId: 'new', name: 'Mail', ownerTeamId: null, tier: null, runbook: null },
    ],
    [
      'owned by an alias: by what it was merged into',
      { name: 'createService', input: { name: 'Mail', ownerTeam: 'CART', made } },
      { serviceId: 'new', name: 'Mail', ownerTeamId: 'checkout', tier: null, runbook: null },
    ],
    ['of a name that is there', { name: 'createService', input: { name: 'SEARCH', made } }, 'invalid name'],
    ['of an alias name', { name: 'createService', input: { name: 'cart', made } }, 'invalid name'],
    [
      'of no acceptable detail',
      { name: 'createService', input: { name: '', ownerTeam: 'Nobody', tier: 0, made } },
      'invalid name ownerTeam tier',
    ],
    [
      'changed in some ways: the rest is not said',
      { name: 'updateService', input: { serviceId: 'search', tier: 3, ownerTeam: null } },
      { serviceId: 'search', changes: { ownerTeamId: null, tier: 3 } },
    ],
    [
      'changed to what it is',
      { name: 'updateService', input: { serviceId: 'search', tier: 2, name: 'Search' } },
      'nothing',
    ],
    [
      'renamed, also in case only',
      { name: 'updateService', input: { serviceId: 'search', name: 'SEARCH' } },
      { serviceId: 'search', changes: { name: 'SEARCH' } },
    ],
    [
      'renamed to another',
      { name: 'updateService', input: { serviceId: 'search', name: 'checkout' } },
      'invalid name',
    ],
    [
      'renamed to its own alias',
      { name: 'updateService', input: { serviceId: 'checkout', name: 'Cart' } },
      { serviceId: 'checkout', changes: { name: 'Cart' } },
    ],
    [
      "renamed to another's alias",
      { name: 'updateService', input: { serviceId: 'search', name: 'cart' } },
      'invalid name',
    ],
    [
      'an alias changed',
      { name: 'updateService', input: { serviceId: 'cart', tier: 1 } },
      'invalid serviceId',
    ],
    ['nothing changed', { name: 'updateService', input: { serviceId: 'none', tier: 1 } }, 'NotFoundError'],
    [
      'merged',
      { name: 'mergeServices', input: { serviceId: 'search', intoServiceId: 'checkout' } },
      { serviceId: 'search', name: 'Search', intoServiceId: 'checkout' },
    ],
    [
      'merged again',
      { name: 'mergeServices', input: { serviceId: 'cart', intoServiceId: 'checkout' } },
      'nothing',
    ],
    [
      'merged elsewhere',
      { name: 'mergeServices', input: { serviceId: 'cart', intoServiceId: 'search' } },
      'invalid serviceId',
    ],
    [
      'merged into an alias',
      { name: 'mergeServices', input: { serviceId: 'search', intoServiceId: 'cart' } },
      'invalid intoServiceId',
    ],
    [
      'merged into its own alias',
      { name: 'mergeServices', input: { serviceId: 'checkout', intoServiceId: 'cart' } },
      'invalid intoServiceId',
    ],
    [
      'merged into itself',
      { name: 'mergeServices', input: { serviceId: 'search', intoServiceId: 'search' } },
      'invalid intoServiceId',
    ],
    [
      'merged into nothing',
      { name: 'mergeServices', input: { serviceId: 'search', intoServiceId: 'none' } },
      'NotFoundError',
    ],
    [
      'nothing merged',
      { name: 'mergeServices', input: { serviceId: 'none', intoServiceId: 'search' } },
      'NotFoundError',
    ],
  ])('%s', (_case, command, expected) => {
    expect(outcome(command)).toEqual(expected);
  });
});

describe('teams and projects', () => {
  it.each<[string, AdministrationCommand, unknown]>([
    [
      'a team',
      { name: 'createTeam', input: { name: 'Mail', slackChannel: ' #mail ', made } },
      { teamId: 'new', name: 'Mail', slackChannel: '#mail' },
    ],
    [
      'two channels',
      { name: 'createTeam', input: { name: 'Mail', slackChannel: '#a #b', made } },
      'invalid slackChannel',
    ],
    [
      'no channel any more',
      { name: 'updateTeam', input: { teamId: 'search', slackChannel: null } },
      { teamId: 'search', changes: { slackChannel: null } },
    ],
    [
      'a team as it is',
      { name: 'updateTeam', input: { teamId: 'search', slackChannel: '#checkout' } },
      'nothing',
    ],
    ['no team', { name: 'updateTeam', input: { teamId: 'none' } }, 'NotFoundError'],
    [
      'merged teams',
      { name: 'mergeTeams', input: { teamId: 'search', intoTeamId: 'checkout' } },
      { teamId: 'search', name: 'Search', intoTeamId: 'checkout' },
    ],
    [
      'a member joins',
      { name: 'addTeamMember', input: { teamId: 'checkout', userId: 'cleo' } },
      { teamId: 'checkout', userId: 'cleo' },
    ],
    ['a member again', { name: 'addTeamMember', input: { teamId: 'checkout', userId: 'ben' } }, 'nothing'],
    [
      'nobody joins',
      { name: 'addTeamMember', input: { teamId: 'checkout', userId: 'mallory' } },
      'NotFoundError',
    ],
    [
      'joining an alias',
      { name: 'addTeamMember', input: { teamId: 'cart', userId: 'ben' } },
      'invalid teamId',
    ],
    [
      'a member leaves',
      { name: 'removeTeamMember', input: { teamId: 'checkout', userId: 'ben' } },
      { teamId: 'checkout', userId: 'ben' },
    ],
    [
      'who is not in it leaves',
      { name: 'removeTeamMember', input: { teamId: 'checkout', userId: 'cleo' } },
      'nothing',
    ],
    [
      'a project',
      { name: 'createProject', input: { name: 'Shop', made } },
      { projectId: 'new', name: 'Shop' },
    ],
    [
      'a project renamed',
      { name: 'updateProject', input: { projectId: 'search', name: 'Find' } },
      { projectId: 'search', changes: { name: 'Find' } },
    ],
    ['a project left', { name: 'updateProject', input: { projectId: 'search', name: null } }, 'nothing'],
    [
      'merged projects',
      { name: 'mergeProjects', input: { projectId: 'search', intoProjectId: 'checkout' } },
      { projectId: 'search', name: 'Search', intoProjectId: 'checkout' },
    ],
  ])('%s', (_case, command, expected) => {
    expect(outcome(command)).toEqual(expected);
  });
});

it('every event is a sentence', () => {
  const names = { actor: () => 'Ada', user: () => 'Ben', incident: () => '', name: () => 'Checkout' };
  const told = (command: AdministrationCommand): string[] => {
    const decision = decide(command);
    return decision.ok ? decision.events.map((event) => describeEvent(event, names)) : [];
  };
  expect(
    [
      told({ name: 'createTeam', input: { name: 'Mail', made } }),
      told({ name: 'createService', input: { name: 'Mail', made } }),
      told({ name: 'createProject', input: { name: 'Mail', made } }),
      told({ name: 'updateTeam', input: { teamId: 'search', slackChannel: null } }),
      told({ name: 'updateService', input: { serviceId: 'search', tier: 1, runbook: 'x' } }),
      told({ name: 'updateProject', input: { projectId: 'search', name: 'Find' } }),
      told({ name: 'mergeTeams', input: { teamId: 'search', intoTeamId: 'checkout' } }),
      told({ name: 'mergeServices', input: { serviceId: 'search', intoServiceId: 'checkout' } }),
      told({ name: 'mergeProjects', input: { projectId: 'search', intoProjectId: 'checkout' } }),
      told({ name: 'addTeamMember', input: { teamId: 'checkout', userId: 'cleo' } }),
      told({ name: 'removeTeamMember', input: { teamId: 'checkout', userId: 'ben' } }),
    ].flat(),
  ).toEqual([
    'Ada created the team Mail.',
    'Ada created the service Mail.',
    'Ada created the project Mail.',
    'Ada changed the Slack channel of the team Checkout.',
    'Ada changed the tier, runbook of the service Checkout.',
    'Ada renamed the project to Find.',
    'Ada merged the team Search into Checkout.',
    'Ada merged the service Search into Checkout.',
    'Ada merged the project Search into Checkout.',
    'Ada put Ben into the team Checkout.',
    'Ada took Ben out of the team Checkout.',
  ]);
});
