import type { Answer, Handle, Request } from '../../src/app/answer.ts';
import { Episodes } from '../../src/app/episodes.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { isOpen } from '../../src/domain/incident/vocabulary.ts';
import { Story } from '../support/given.ts';

/** An API key of scope INGEST as it is found by its secret. */
export const ingest: Principal = {
  organizationId: '01900000-0000-7000-8000-000000000001',
  organizationSlug: 'default',
  actor: { kind: 'INTEGRATION', id: '01900000-0000-7000-8000-00000000000a', role: 'MEMBER' },
  scopes: ['INGEST'],
  credentialId: '01900000-0000-7000-8000-00000000000a',
};

/** The door without a database: one story per dedup key, a new one once the key is free again. */
export class Switchboard {
  readonly requests: Request[] = [];
  readonly stories: Story[] = [];
  /** Thrown instead of the answer to the next request. */
  failure: Error | null = null;
  #held = new Map<string, Story>();
  readonly #episodes = new Episodes({ over: [], early: [] });

  /** The latest incident that was begun. */
  get last(): Story {
    const story = this.stories.at(-1);
    if (story === undefined) throw new Error('Nothing was declared.');
    return story;
  }

  readonly handle: Handle = async (request): Promise<Answer> => {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
    this.requests.push(request);
    if (request.target.by !== 'dedupKey' || request.command.name !== 'receiveSignals') throw new Error('No.');
    const { key } = request.target;
    const held = this.#held.get(key);
    const story = held?.state != null && isOpen(held.state.status) ? held : new Story();
    story.episodes = this.#episodes;
    const decision = story.when('receiveSignals', request.command.input, { by: request.actor });
    if (!decision.ok) return { kind: 'refused', refusal: decision.refusal };
    story.apply(decision);
    if (story.state !== null && story !== held) {
      this.#held.set(key, story);
      this.stories.push(story);
    }
    return { kind: 'done', entries: [], sequence: 0, incident: null, replayed: false };
  };
}
