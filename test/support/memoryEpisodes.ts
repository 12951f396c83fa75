import type { Loaded, LoadRequest } from '../../src/store/port.ts';
import type { MemoryOrganization } from './memoryOrganization.ts';

/** What is known of the episodes that a load names, looked for when fewer signals fire, as `warroom.load` does it. */
export function memoryEpisodes(
  org: MemoryOrganization,
  { episodes, episodesInAnyCase, allOpenSignalsOfDedupKeys }: LoadRequest,
  open: number,
): Loaded['episodes'] {
  const isSought = episodesInAnyCase || allOpenSignalsOfDedupKeys.length > 0 || open < episodes.length;
  if (episodes.length === 0 || !isSought) return null;
  const signals = [...org.signals.values()];
  return {
    over: episodes.filter(({ dedupKey, fingerprint, beganAt }) =>
      signals.some(
        (row) =>
          row.dedup_key === dedupKey &&
          row.fingerprint === fingerprint &&
          row.began_at === beganAt &&
          row.cleared_at !== null,
      ),
    ),
    early: episodes.flatMap(({ dedupKey, fingerprint }) =>
      ['', fingerprint].flatMap((one) => org.earlyClearings.get(`${dedupKey}\n${one}`) ?? []),
    ),
  };
}
