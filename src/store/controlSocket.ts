import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { LedgerHead } from '../domain/ledger/head.ts';
import type { Difference } from './compareRows.ts';
import type { KeyKeeper, WantedKey } from './keyKeeper.ts';
import type { LedgerRow, LedgerSource } from './ledgerSource.ts';
import type { BulkActionEvidence, StrayPage } from './read/bulkActionEvidence.ts';
import { socketPath } from './socketPath.ts';
import type { Superadmins } from './superadmins.ts';

// The running server is the only one that may open its embedded database, so it reads its ledgers aloud to whoever may
// open its data directory, grants and takes back SUPERADMIN for them, keeps API keys, and makes sign-in links. One JSON
// line asks, one answers; nothing else here writes, and it is never the database's own socket, which is a superuser.
// Secrets of new keys travel over it once and are logged nowhere.

type Question =
  | { readonly ask: 'organizations' }
  | { readonly ask: 'superadmins' | 'superadminDifferences' }
  | { readonly ask: 'keys'; readonly organization: string }
  | { readonly ask: 'createKey'; readonly organization: string; readonly wanted: WantedKey }
  | {
      readonly ask: 'rotateKey';
      readonly organization: string;
      readonly apiKeyId: string;
      readonly overlapMinutes: number;
    }
  | { readonly ask: 'revokeKey'; readonly organization: string; readonly apiKeyId: string }
  | { readonly ask: 'grantSuperadmin' | 'revokeSuperadmin' | 'signInLink'; readonly email: string }
  | { readonly ask: 'head'; readonly organizationId: string; readonly ledger: LedgerHead['ledger'] }
  | {
      readonly ask: 'rows';
      readonly organizationId: string;
      readonly ledger: LedgerHead['ledger'];
      readonly after: number;
      readonly limit: number;
    }
  | { readonly ask: 'bulkAction'; readonly organizationId: string; readonly id: string }
  | {
      readonly ask: 'strayBulkActions';
      readonly organizationId: string;
      readonly after: string;
      readonly limit: number;
    };

type Reply = { readonly answer: unknown } | { readonly error: string };

/** A server that was asked from outside. */
export interface Control extends LedgerSource, Acts {}

/** What may be done from outside beside reading. */
export interface Acts {
  readonly superadmins: Superadmins;
  readonly keys: KeyKeeper;
  /** A link that signs the person of this address in, once; null when there is none. */
  signInLink(email: string): Promise<string | null>;
}

/** What questions are answered from. */
type Answering = LedgerSource & Acts;

/** The longest question, in characters. */
const questionAtMost = 1_024;
/** What every read says from then on. */
const closedByServer = 'The server closed the control socket.';
/** More connections than this are refused. */
const connectionsAtMost = 16;

/**
 * Answers on the data directory's control socket from `source` until closed.
 * @throws Error when the socket cannot be made.
 */
export async function openControlSocket(
  dataDirectory: string,
  source: LedgerSource,
  acts: Acts,
): Promise<{ close(): Promise<void> }> {
  const path = socketPath(dataDirectory, 'control.sock');
  // Left behind by a process that was killed; the directory's lock is ours.
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    void converse(socket, { ...source, ...acts }).catch(() => socket.destroy());
  });
  server.maxConnections = connectionsAtMost;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

async function converse(socket: Socket, source: Answering): Promise<void> {
  for await (const line of createInterface({ input: socket })) {
    const reply = await answerTo(line, source);
    // Wait for the reader: a page at a time is all that is ever held.
    if (!socket.write(`${JSON.stringify(reply)}\n`)) {
      await new Promise<void>((resolve) => {
        socket.once('drain', resolve);
        socket.once('close', resolve);
      });
    }
  }
}

async function answerTo(line: string, source: Answering): Promise<Reply> {
  try {
    if (line.length > questionAtMost) throw new Error('the question is too long');
    const question = JSON.parse(line) as Question;
    switch (question.ask) {
      case 'organizations':
        return { answer: await source.organizations() };
      case 'head':
        return { answer: await source.head(question.organizationId, question.ledger) };
      case 'rows': {
        const { organizationId, ledger, after, limit } = question;
        return { answer: await source.rows(organizationId, ledger, after, limit) };
      }
      case 'bulkAction':
        return { answer: await source.bulkAction(question.organizationId, question.id) };
      case 'strayBulkActions': {
        const { organizationId, after, limit } = question;
        return { answer: await source.strayBulkActions(organizationId, after, limit) };
      }
      case 'keys':
        return { answer: await source.keys.list(question.organization) };
      case 'createKey':
        return { answer: await source.keys.create(question.organization, question.wanted) };
      case 'rotateKey': {
        const { organization, apiKeyId, overlapMinutes } = question;
        return { answer: await source.keys.rotate(organization, apiKeyId, overlapMinutes) };
      }
      case 'revokeKey':
        return { answer: await source.keys.revoke(question.organization, question.apiKeyId) };
      case 'superadminDifferences':
        return { answer: await source.superadminDifferences() };
      case 'superadmins':
        return { answer: await source.superadmins.list() };
      case 'grantSuperadmin':
        return { answer: await source.superadmins.grant(question.email) };
      case 'revokeSuperadmin':
        return { answer: await source.superadmins.revoke(question.email) };
      case 'signInLink':
        return { answer: await source.signInLink(question.email) };
      default:
        throw new Error('the question is not one of those there are');
    }
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/**
 * The server that has this data directory open; null when none does.
 * @throws Error from each read when the server goes away or cannot read.
 */
export async function connectControl(dataDirectory: string): Promise<Control | null> {
  const socket = await connectTo(socketPath(dataDirectory, 'control.sock'));
  if (!socket) return null;
  // One question at a time: the next waits for the answer to the one before.
  let waiting: { resolve(line: string): void; reject(error: Error): void } | null = null;
  let gone = false;
  // Both tell of an error; 'close' follows and is what is acted upon.
  const lines = createInterface({ input: socket }).on('error', () => undefined);
  socket.on('error', () => undefined);
  lines.on('line', (line) => waiting?.resolve(line));
  socket.once('close', () => {
    gone = true;
    waiting?.reject(new Error(closedByServer));
  });
  const lineFor = (question: Question) =>
    new Promise<string>((resolve, reject) => {
      waiting = { resolve, reject };
      if (gone) return reject(new Error(closedByServer));
      socket.write(`${JSON.stringify(question)}\n`);
    });
  let latest: Promise<unknown> = Promise.resolve();
  const ask = <T>(question: Question): Promise<T> => {
    const asked = latest.then(async () => {
      const reply = JSON.parse(await lineFor(question)) as Reply;
      if ('error' in reply) throw new Error(reply.error);
      return reply.answer as T;
    });
    latest = asked.catch(() => undefined);
    return asked;
  };
  return {
    organizations: () => ask({ ask: 'organizations' }),
    head: (organizationId, ledger) => ask<LedgerHead | null>({ ask: 'head', organizationId, ledger }),
    rows: (organizationId, ledger, after, limit) =>
      ask<readonly LedgerRow[]>({ ask: 'rows', organizationId, ledger, after, limit }),
    bulkAction: (organizationId, id) =>
      ask<BulkActionEvidence | null>({ ask: 'bulkAction', organizationId, id }),
    strayBulkActions: (organizationId, after, limit) =>
      ask<StrayPage>({ ask: 'strayBulkActions', organizationId, after, limit }),
    superadminDifferences: () => ask<readonly Difference[]>({ ask: 'superadminDifferences' }),
    keys: {
      list: (organization) => ask({ ask: 'keys', organization }),
      create: (organization, wanted) => ask({ ask: 'createKey', organization, wanted }),
      rotate: (organization, apiKeyId, overlapMinutes) =>
        ask({ ask: 'rotateKey', organization, apiKeyId, overlapMinutes }),
      revoke: (organization, apiKeyId) => ask({ ask: 'revokeKey', organization, apiKeyId }),
    },
    superadmins: {
      list: () => ask({ ask: 'superadmins' }),
      grant: (email) => ask({ ask: 'grantSuperadmin', email }),
      revoke: (email) => ask({ ask: 'revokeSuperadmin', email }),
    },
    signInLink: (email) => ask({ ask: 'signInLink', email }),
    async close() {
      socket.end();
      socket.destroy();
    },
  };
}

function connectTo(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(error);
    });
  });
}
