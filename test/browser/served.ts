// The server as a person starts it: the built program in a process of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../..' : '../..', import.meta.url));
const program = `import('./dist/server/cli.js').then(({ main }) => main(process.argv.slice(1)))`;
const START_MILLISECONDS = 30_000;

export interface Served {
  readonly url: string;
  readonly port: number;
  /** Ends it as Ctrl-C does, or without notice. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
}

/** Starts the server and waits until it says where it is. @throws with all that it said when it does not */
export const serve = (...argv: readonly string[]): Promise<Served> => serveIn(root, ...argv);

/** The same for a built project in another folder, with scenarios of its own. */
export async function serveIn(folder: string, ...argv: readonly string[]): Promise<Served> {
  const child: ChildProcess = spawn(process.execPath, ['-e', program, 'serve', ...argv], { cwd: folder });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = () => reject(new Error(`The server did not start (was it built? node server/prepare.js). ${said}`));
    const timer = setTimeout(fail, START_MILLISECONDS);
    const listen = (chunk: Buffer) => {
      said += chunk;
      const found = /^Lightsleeper is at (\S+)$/m.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', fail);
  });
  return {
    url,
    port: Number(new URL(url).port),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
  };
}
