import { platformTimeline } from '../../store/read/platformTimeline.ts';
import { readScope } from '../context.ts';
import type { Types } from '../mutation/inputShape.ts';
import type { OrganizationOutcome } from '../mutation/organizationMutation.ts';

type Approval = OrganizationOutcome<'approvePlatformEvent'> | OrganizationOutcome<'withdrawPlatformEvent'>;

/** What approving an entry and taking it back answer besides what they wrote. */
export function isPublished<A extends Approval>(t: PothosSchemaTypes.ObjectFieldBuilder<Types, A>) {
  return {
    published: t.boolean({
      description: 'Whether every organization sees the entry now.',
      resolve: async ({ command }, _args, context) => {
        const window = { size: 1, backward: false, after: String(command.sequence + 1), before: null };
        const { items } = await platformTimeline(readScope(context), window);
        return items[0]?.sequence === command.sequence;
      },
    }),
  };
}
