import { lookup } from 'node:dns';
import { v7 } from 'uuid';
import { expect } from 'vitest';
import { type BulkRunner, type BulkRunnerOptions, createBulkRunner } from '../../src/app/bulkRunner.ts';
import { createSealing } from '../../src/app/sealing.ts';
import type { SendAction } from '../../src/domain/bulkAction/actionRequest.ts';
import { readGlobalId } from '../../src/graphql/globalId.ts';
import { createLog } from '../../src/log.ts';
import { createPost } from '../../src/outbound/post.ts';
import { createSendAction } from '../../src/outbound/sendAction.ts';
import { type ActionReceiver, startActionReceiver } from '../support/actionReceiver.ts';
import { mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

/** A bulk action as it is read. */
export interface Bulk {
  readonly id: string;
  readonly status: string;
  readonly [count: string]: unknown;
}

/** A bulk action with its targets. */
export interface WholeBulk extends Bulk {
  readonly targets: {
    readonly nodes: readonly {
      readonly target: string;
      readonly webhookId: string;
      readonly [more: string]: unknown;
    }[];
  };
}

const reportDocument = `mutation($input: ReportRunsInput!) { reportRuns(input: $input) {
  ... on ReportRunsPayload { runs { incidentId } } ... on UserError { code message } } }`;
const bulkDocument = `query($id: ID!) { bulkAction(id: $id) {
  id status succeededCount failedCount cancelledCount pendingCount
  retryAt
  targets(first: 100) { nodes { target state attempts webhookId request httpStatus response error at retryAt } } } }`;

/** Answers every request that its target is done. */
export const fine: ActionReceiver['answer'] = ({ target }, response) => void response.end(`did ${target}`);

/** Bulk actions on a real database, through a real receiver; instances are runners that are looked after by hand. */
export class BulkWorld {
  readonly api: TestApi;
  readonly here: TestOrganization;
  readonly there: TestOrganization;
  readonly receiver: ActionReceiver;
  /** What requests of the reminders are signed with. */
  readonly secret: string;
  readonly runners: BulkRunner[] = [];
  #reports = 0;

  private constructor(made: Pick<BulkWorld, 'api' | 'here' | 'there' | 'receiver' | 'secret'>) {
    this.api = made.api;
    this.here = made.here;
    this.there = made.there;
    this.receiver = made.receiver;
    this.secret = made.secret;
  }

  static async open(): Promise<BulkWorld> {
    const api = await openTestApi();
    const here = await api.found('here');
    const there = await api.found('there');
    const receiver = await startActionReceiver();
    const webhook = { source: 'reminders', url: receiver.url };
    const { secret } = await mutate(api, here.user('ORG_ADMIN'), 'setActionWebhook', webhook);
    return new BulkWorld({ api, here, there, receiver, secret: secret as string });
  }

  /** The same world as the other organization sees it, whose reminders take actions, too; it is not closed by itself. */
  async abroad(): Promise<BulkWorld> {
    const { api, here: there, there: here, receiver } = this;
    const webhook = { source: 'reminders', url: receiver.url };
    const { secret } = await mutate(api, here.user('ORG_ADMIN'), 'setActionWebhook', webhook);
    return new BulkWorld({ api, here, there, receiver, secret: secret as string });
  }

  async close(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
    this.receiver.stop();
    await this.api.close();
  }

  /** Sends for real, to the receiver's network. */
  get send(): SendAction {
    return createSendAction(createPost(this.receiver.network, lookup));
  }

  /** Another instance of Warroom, as far as bulk actions go. */
  instance(
    send: SendAction = this.send,
    more: Pick<BulkRunnerOptions, 'isAlone' | 'limits' | 'pause'> = {},
  ): BulkRunner {
    const { database, clock, handle, feed } = this.api;
    const runner = createBulkRunner({
      database,
      clock,
      handle,
      inbox: feed,
      log: createLog('silent'),
      sealing: createSealing(null),
      send,
      progress: this.api.bulkProgress,
      newId: () => v7(),
      // Nobody waits between tries.
      pause: async () => {},
      ...more,
    });
    this.runners.push(runner);
    return runner;
  }

  /** Failed runs of the reminders for these targets; the incident each is of. */
  report(...targets: string[]): Promise<(string | null)[]> {
    return this.reportAt(null, ...targets);
  }

  /** The same of an instant that is past; now when it is null. */
  async reportAt(at: string | null, ...targets: string[]): Promise<(string | null)[]> {
    this.#reports += 1;
    const runs = targets.map((target, n) => ({
      source: 'reminders',
      runId: `run ${this.#reports}.${n}`,
      target,
      status: 'FAILED',
      at,
    }));
    const by = this.here.key('MEMBER', ['INGEST']);
    const { data } = await this.api.run<{ reportRuns: { runs: { incidentId: string | null }[] } }>(
      by,
      reportDocument,
      { input: { runs } },
    );
    return data.reportRuns.runs.map(({ incidentId }) => incidentId);
  }

  /** A burst of its own for these targets, after the silence; its incident. */
  async burst(...targets: string[]): Promise<string> {
    this.api.clock.advance(20 * 60_000);
    return (await this.report(...targets))[0] ?? '';
  }

  /** Begins a bulk action. */
  run(incidentId: string, input: object = {}) {
    const by = this.here.user('ONCALL_ENGINEER');
    return mutate(this.api, by, 'runBulkAction', { incidentId, action: 'FORCE_RUN', ...input });
  }

  /** Begins one that must be accepted; its id. */
  async begun(incidentId: string, input: object = {}): Promise<string> {
    const { bulkAction, ...answer } = await this.run(incidentId, input);
    if (bulkAction == null) throw new Error(JSON.stringify(answer));
    return (bulkAction as Bulk).id;
  }

  async read<T>(document: string, variables: Record<string, unknown> = {}, by = this.here.user('VIEWER')) {
    return (await this.api.run<T>(by, document, variables)).data;
  }

  async bulkAction(id: string): Promise<WholeBulk> {
    return (await this.read<{ bulkAction: WholeBulk }>(bulkDocument, { id })).bulkAction;
  }

  /** Has the instance look until the bulk action is over. */
  async workOff(runner: BulkRunner, id: string): Promise<WholeBulk> {
    for (let looks = 0; looks < 400; looks++) {
      await runner.run();
      const found = await this.bulkAction(id);
      if (found.status === 'COMPLETED' || found.status === 'CANCELLED') return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('The bulk action is never over.');
  }

  /** What the receiver was asked by this bulk action. */
  asked(id: string) {
    const own = readGlobalId(id).id;
    return this.receiver.received.filter(({ body }) => body.bulkActionId === own);
  }
}

/** Waits until something holds, a few seconds at most. */
export async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; looks < 1_000 && !holds(); looks++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(holds()).toBe(true);
}
