import { judgeErrors } from '../../domain/detection/judgeErrors.ts';
import type { SignalCandidate } from '../../domain/detection/outcomeOf.ts';
import {
  type SignalPreview as PreviewSource,
  previewDelivery,
} from '../../domain/detection/previewDelivery.ts';
import { previewError } from '../../domain/detection/previewError.ts';
import { type JudgingContext, suppressorOf } from '../../domain/detection/suppressorOf.ts';
import { nameKey } from '../../domain/incident/naming.ts';
import { joinable } from '../../store/read/joinable.ts';
import { currentPolicy } from '../../store/read/policy.ts';
import { serviceIds } from '../../store/read/serviceIds.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { type GraphQLContext, readScope } from '../context.ts';
import { type Arriving, arrivingOf, PreviewPayloadInput } from './previewInput.ts';
import { type Previewed, SignalPreview } from './signalPreview.ts';

/** The most signals that are looked at. */
const signalsLimit = 64;

builder.queryField('previewRules', (t) =>
  t.field({
    type: [SignalPreview],
    description:
      'What the rules of detection would make of something that arrives now, and why, rule by rule, as if no incident held its dedup key; and what would become of a reported error now, with those that are there (`reported`). Runs and syncs meet no rules. Nothing is written. At most the first 64 signals.',
    args: {
      payload: t.arg({ type: PreviewPayloadInput, required: true, description: 'What arrives.' }),
    },
    resolve: async (_root, { payload }, context): Promise<Previewed[]> => {
      authorizeRead('previewRules', context);
      const arriving = await arrivingOf(payload, context);
      const previews = previewsOf(arriving, await judgingOf(arriving, context)).slice(0, signalsLimit);
      const wanted = previews.flatMap((preview) => preview.joinable);
      const found = await joinable(readScope(context), wanted);
      const { error } = arriving;
      return previews.map((preview) => ({ ...preview, error, incidentId: joinedBy(preview, found) }));
    },
  }),
);

function previewsOf({ deliveries, error }: Arriving, judging: JudgingContext): readonly PreviewSource[] {
  const { detectionRules } = judging.policy;
  const suppressor = (candidate: SignalCandidate) => suppressorOf(candidate, judging);
  const judged = error === null ? [] : judgeErrors([error.error], judging);
  return [
    ...deliveries.flatMap((delivery) => previewDelivery(delivery, detectionRules, suppressor)),
    ...judged.map(previewError),
  ];
}

/** By what it is judged: the policy and the services that it names, as they are now. */
async function judgingOf({ deliveries, error }: Arriving, context: GraphQLContext): Promise<JudgingContext> {
  const policy = await currentPolicy(context.database, context.principal.organizationId);
  const named = deliveries.flatMap(({ firing, declare }) => [declare, ...firing]);
  const services = [...named.map(({ service }) => service ?? ''), error?.error.component ?? ''];
  const ids = await serviceIds(readScope(context), services);
  const facts = { name: (_kind: 'SERVICE' | 'TEAM' | 'PROJECT', name: string) => ids.get(nameKey(name)) };
  return { policy, facts, at: context.clock.now() };
}

function joinedBy(preview: PreviewSource, found: Awaited<ReturnType<typeof joinable>>): string | null {
  for (const { kind, key } of preview.joinable) {
    const one = found.find((candidate) => candidate.kind === kind && candidate.key === key);
    if (one !== undefined) return one.incidentId;
  }
  return null;
}
