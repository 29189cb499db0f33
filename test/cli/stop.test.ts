// Ctrl-C as a person presses it: every command that infers for long ends in order, whatever its threads are at.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ended, startCommand } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const kitchen = join(root, 'scenarios/kitchen-day.yaml');

async function stopped(...argv: readonly string[]) {
  for (const delay of [5000, 20_000, 60_000]) {
    const child = startCommand(root, ...argv);
    const told = setTimeout(() => child.kill('SIGINT'), delay);
    const { code, err } = await ended(child);
    clearTimeout(told);
    // On a busy machine it may take longer to begin; before that, the signal has the system's own way.
    if (child.signalCode === null) return { code, err };
  }
  throw new Error(`${argv.join(' ')} had not begun after a minute`);
}

describe('Ctrl-C', () => {
  it.each([
    [['advise', kitchen, '--max-fa', '5/h', '--max-miss', '5%', '--duration', '90h'], 'stopped: nothing is advised\n'],
    [['placements', kitchen], 'stopped: no placement is compared\n'],
    [['race', kitchen, '--stage', 'keyword'], 'stopped: no operating point is compared\n'],
  ])('should stop %j with a sentence', async (argv, sentence) => {
    expect(await stopped(...argv)).toEqual({ code: 130, err: sentence });
  });
});
