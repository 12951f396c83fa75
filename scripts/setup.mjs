// What `npm start` and `npm test` do first: install, generate, build, each only when its inputs changed. Plain Node
// without packages, because it runs before there are any.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const lowestNode = [20, 19];

/** Everything needed to run, in order. Says a line about each step that has something to do. */
export function setUp() {
  refuseOldNode();
  step('Installing packages', packagesAreCurrent(), install);
  step('Generating the database client', isCurrent('src/store/generated/.stamp', generated()), generate);
  step('Building', isCurrent('dist/.stamp', built()), build);
}

/** Runs a tool of ours from node_modules in this terminal; returns its exit code. */
export function run(file, parameters, environment = process.env) {
  const command = [join(root, 'node_modules', file), ...parameters];
  const result = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', env: environment });
  return result.status ?? 1;
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > lowestNode[0] || (major === lowestNode[0] && minor >= lowestNode[1])) return;
  stop(
    `Warroom needs Node.js ${lowestNode.join('.')} or newer; this is ${process.versions.node}. See https://nodejs.org.`,
  );
}

function stop(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function step(title, current, work) {
  if (current) return;
  const began = performance.now();
  if (process.stderr.isTTY) process.stderr.write(`${title} …`);
  work();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${title}: done in ${seconds} s\n`);
}

/** Runs a step's command with its output kept back; shows all of it, and stops, when it fails. */
function quietly(what, command, parameters, environment = {}) {
  const result = spawnSync(command, parameters, {
    cwd: root,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  process.stderr.write(
    `\n${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? `${result.error.message}\n` : ''}`,
  );
  stop(`${what} failed; what it said is above.`);
}

/** npm writes down what it installed when it is done; it is current when that is what the lock asks for. */
function packagesAreCurrent() {
  const installedList = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedList)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedList, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    const found = installed[path];
    if (path === '') return true;
    return found ? found.version === version : Boolean(optional || devOptional || peer);
  });
}

function install() {
  const parameters = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) return quietly('npm ci', process.execPath, [npm, ...parameters]);
  return quietly('npm ci', process.platform === 'win32' ? 'npm.cmd' : 'npm', parameters);
}

/** Digest of files and folders: their paths and contents. */
function digestOf(paths) {
  const digest = createHash('sha256');
  const add = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (!path.endsWith('/')) {
      digest.update(`${path}\0`).update(readFileSync(full));
      return;
    }
    const entries = readdirSync(full, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) add(entry.isDirectory() ? `${path}${entry.name}/` : `${path}${entry.name}`);
  };
  for (const path of paths) add(path);
  return digest.digest('hex');
}

const generated = () => digestOf(['package-lock.json', 'prisma/schema.prisma', 'prisma.config.ts']);
const built = () => digestOf(['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'src/']);

function isCurrent(stamp, digest) {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === digest;
}

function generate() {
  const digest = generated();
  quietly(
    'prisma generate',
    process.execPath,
    [join(root, 'node_modules/prisma/build/index.js'), 'generate'],
    {
      // The schema names its second generator as a command.
      PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
      // Generating needs no engine, but the command line insists on one being there, and would download it.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  );
  writeFileSync(join(root, 'src/store/generated/.stamp'), digest);
}

/** Builds beside and swaps, so that no deleted source lives on and no one sees half a build. */
function build() {
  const digest = built();
  const fresh = join(root, `dist.building-${process.pid}`);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  mkdirSync(fresh, { recursive: true });
  // Also when it fails: that ends the process.
  process.once('exit', () => rmSync(fresh, { recursive: true, force: true }));
  quietly('Building', process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh]);
  writeFileSync(join(fresh, '.stamp'), digest);
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  renameSync(fresh, join(root, 'dist'));
}
