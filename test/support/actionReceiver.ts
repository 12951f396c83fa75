import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';

/** A request as a receiver saw it. */
export interface ReceivedAction {
  readonly id: string;
  readonly target: string;
  readonly body: { readonly action: string; readonly [more: string]: unknown };
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** A real HTTP server on this machine that takes actions on targets. */
export interface ActionReceiver {
  readonly url: string;
  /** The network it is in. */
  readonly network: BlockList;
  readonly received: ReceivedAction[];
  /** Requests that were under way at once, at most. */
  readonly mostAtOnce: () => number;
  /** What a request is answered: 200 unless said. `undefined`: nothing at all. */
  answer: (request: ReceivedAction, response: ServerResponse) => void | Promise<void>;
  stop(): void;
}

/** Starts one on a free port. */
export async function startActionReceiver(): Promise<ActionReceiver> {
  const received: ReceivedAction[] = [];
  let atOnce = 0;
  let most = 0;
  const server = createServer((request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    response.on('close', () => {
      atOnce -= 1;
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const body = JSON.parse(text) as ReceivedAction['body'] & { readonly target: string };
      const id = String(request.headers['webhook-id']);
      const one = { id, target: body.target, body, text, headers: request.headers };
      received.push(one);
      void receiver.answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const network = new BlockList();
  network.addAddress('127.0.0.1');
  const receiver: ActionReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/actions`,
    network,
    received,
    mostAtOnce: () => most,
    answer: ({ target }, response) => void response.end(`did ${target}`),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}

/** Whether a request is signed with this secret, as a receiver of Standard Webhooks checks it. */
export function isSigned({ headers, text }: ReceivedAction, secret: string): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}
