// The command as a person types it: the built program in a process of its own.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

const PROGRAM = `import('${new URL('../../dist/server/cli.js', import.meta.url)}').then(({ main }) => main(process.argv.slice(1)))`;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export const startCommand = (cwd: string, ...argv: readonly string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, ['-e', PROGRAM, ...argv], { cwd });

/** Waits until it has ended, and gives what it said. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    texts.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.err += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...texts };
}
