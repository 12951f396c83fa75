import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What stands before a server and speaks TLS for it, as a reverse proxy does: some clients know nothing else. */
export interface TlsFront {
  /** `localhost:<port>`. */
  readonly host: string;
  /** Believes its certificate, which nobody else knows. */
  readonly agent: Agent;
  stop(): Promise<void>;
}

/** Starts one before the server at this URL, on a free port. */
export async function startTlsFront(url: string): Promise<TlsFront> {
  const certificate = selfSigned();
  const front = createServer(certificate, (outer, answer) => {
    const { method, headers } = outer;
    const inner = request(new URL(outer.url ?? '/', url), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    inner.on('error', () => answer.destroy());
    outer.pipe(inner);
  });
  await new Promise<void>((done) => front.listen(0, 'localhost', done));
  const agent = new Agent({ ca: certificate.cert });
  return {
    host: `localhost:${(front.address() as AddressInfo).port}`,
    agent,
    async stop() {
      agent.destroy();
      front.closeAllConnections();
      await new Promise((done) => front.close(done));
    },
  };
}

/** A key, and a certificate of it for `localhost`. */
function selfSigned(): { readonly key: Buffer; readonly cert: Buffer } {
  const directory = mkdtempSync(join(tmpdir(), 'warroom-front-'));
  try {
    const words =
      'req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=front -addext subjectAltName=DNS:localhost -keyout key -out cert';
    execFileSync('openssl', words.split(' '), { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    return { key: readFileSync(join(directory, 'key')), cert: readFileSync(join(directory, 'cert')) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
