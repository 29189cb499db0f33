// Makes a fresh clone ready: installs what is missing, builds what is stale, and says so. Plain JavaScript: it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.built');

/** Milliseconds since the epoch of the newest file below `path`, 0 when there is none. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Runs npm and shows what it printed only when it failed. Standard output stays free for `--json`. */
function npm(what, args) {
  process.stderr.write(`lightsleeper: ${what} …\n`);
  const npmCli = process.env.npm_execpath;
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const result = npmCli?.endsWith('.js')
    ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, env, encoding: 'utf8' })
    : spawnSync('npm', args, { cwd: root, env, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
  process.stderr.write(`lightsleeper: ${what} failed; mend what is said above and start again.\n`);
  process.exit(1);
}

/** Installs and builds when needed; does nothing, quickly, when all is up to date. */
export function prepare() {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
    npm('installing packages (once, about a minute)', [
      'ci',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
  }
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const sources = ['server', 'dashboard', 'package.json', 'package-lock.json', 'tsconfig.json', 'test/bench'];
  if (Math.max(...sources.map((name) => newest(join(root, name)))) > built) {
    npm('building', ['run', 'build', '--loglevel=error']);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, '');
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) prepare();
