// Which recordings train, which choose, and which only ever measure: whole sources are dealt out, over all three roles at once.

import { nextIndex, seedRandom } from '../../random.ts';
import { InputProblem } from '../../runs/files/problem.ts';
import type { Split } from '../splits.ts';
import { ROLES, type Role } from './folders.ts';

/** Of a recording, all that dealing asks for. */
export interface Dealt {
  readonly role: Role;
  readonly source: string;
  /** How much it counts for. */
  readonly weight: number;
}

const SPLITS = ['train', 'validation', 'test'] as const satisfies readonly Split[];

/** Negatives keep more for the test, because false accepts are counted per hour of them. */
const SHARES: Readonly<Record<Role, Readonly<Record<Split, number>>>> = {
  positives: { train: 0.6, validation: 0.2, test: 0.2 },
  negatives: { train: 0.5, validation: 0.2, test: 0.3 },
  ambient: { train: 0.6, validation: 0.2, test: 0.2 },
};

/**
 * The split of each recording. Sources that hang together by a copy are one; the largest are dealt first, each to the split that lacks most of what it has. Seeded.
 * Throws an InputProblem when a split gets nothing of a role.
 * @param together sources that belong together
 */
export function deal(
  recordings: readonly Dealt[],
  together: ReadonlyArray<readonly string[]>,
  seed: number,
): readonly Split[] {
  const leaderOf = leaders(together);
  const totals = weights(recordings);
  const groups = new Map<string, Dealt[]>();
  for (const recording of recordings) {
    const leader = leaderOf(recording.source);
    groups.set(leader, [...(groups.get(leader) ?? []), recording]);
  }
  const dealt = { train: weights([]), validation: weights([]), test: weights([]) };
  const splitOf = new Map<string, Split>();
  const share = (group: readonly Dealt[], role: Role): number => weights(group)[role] / totals[role];
  const size = (group: readonly Dealt[]): number => Math.max(...ROLES.map((role) => share(group, role)));
  for (const [leader, group] of shuffled([...groups], seed).toSorted(([, a], [, b]) => size(b) - size(a))) {
    const lack = (split: Split): number =>
      ROLES.reduce(
        (sum, role) => sum + share(group, role) * (1 - dealt[split][role] / totals[role] / SHARES[role][split]),
        0,
      );
    const split = SPLITS.reduce((best, other) => (lack(other) > lack(best) + 1e-12 ? other : best));
    splitOf.set(leader, split);
    for (const { role, weight } of group) dealt[split][role] += weight;
  }
  for (const role of ROLES)
    for (const split of SPLITS)
      if (dealt[split][role] === 0)
        throw new InputProblem(
          `${role}: its recordings hang together (a source, or copies of one recording under several sources) so that nothing is left to ${split === 'train' ? 'train with' : split === 'validation' ? 'choose thresholds with' : 'test with'}; bring more sources`,
        );
  return recordings.map(({ source }) => splitOf.get(leaderOf(source)) ?? 'train');
}

const weights = (recordings: readonly Dealt[]): Record<Role, number> => {
  const sums = { positives: 0, negatives: 0, ambient: 0 };
  for (const { role, weight } of recordings) sums[role] += weight;
  return sums;
};

/** Union-find over sources. */
function leaders(together: ReadonlyArray<readonly string[]>): (source: string) => string {
  const parent = new Map<string, string>();
  const find = (source: string): string => {
    const above = parent.get(source);
    return above === undefined ? source : find(above);
  };
  for (const [first, ...others] of together)
    for (const other of others) {
      const [a, b] = [find(first), find(other)];
      if (a !== b) parent.set(b, a);
    }
  return find;
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seedRandom(seed, 'deal');
  const out = [...items];
  for (let at = out.length - 1; at > 0; at--) {
    const other = nextIndex(random, at + 1);
    [out[at], out[other]] = [out[other], out[at]];
  }
  return out;
}
