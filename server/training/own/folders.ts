// The recordings that a person brings: three folders, and whose voice or which session each recording is of.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { glob } from 'tinyglobby';
import { readSources } from '../../runs/advise/sources.ts';
import { type InputProblem, inputProblem } from '../../runs/files/problem.ts';
import { SENSES } from '../../streams/sense.ts';

export const ROLES = ['positives', 'negatives', 'ambient'] as const;
export type Role = (typeof ROLES)[number];
export type Folders = Readonly<Record<Role, string>>;

export interface Listed {
  readonly role: Role;
  /** Below the role's folder, with forward slashes. */
  readonly path: string;
  readonly file: string;
  readonly bytes: number;
  /** What keeps it on one side of a split: from a sources.csv, else the subfolder that it is in, else itself. */
  readonly source: string;
}

export interface Listing {
  readonly recordings: readonly Listed[];
  /** By role: recordings that neither a sources.csv nor a subfolder speaks of, and that count as sources of their own. */
  readonly alone: Readonly<Record<Role, number>>;
}

/** What is wanted at least, and what makes a good model. */
export const WANTED = {
  positives: { recordings: 30, sources: 3, seconds: 0, good: 'a good model takes 200 and more, of 30 people and more' },
  negatives: { recordings: 20, sources: 3, seconds: 60, good: 'a good model takes hours of other speech and sounds' },
  ambient: { recordings: 6, sources: 3, seconds: 20, good: 'a good model takes half an hour and more, of many places' },
} as const satisfies Record<Role, object>;

/** Lists what is there; decodes nothing yet. Throws an InputProblem with everything that is wrong, a line each. */
export async function listRecordings(folders: Folders): Promise<Listing> {
  const problems: string[] = [];
  const recordings: Listed[] = [];
  const alone = { positives: 0, negatives: 0, ambient: 0 };
  const { files, endings } = SENSES['log-mel'];
  for (const role of ROLES) {
    const folder = folders[role];
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      problems.push(`--${role} ${folder}: there is no such folder`);
      continue;
    }
    const paths = (await glob('**/*', { cwd: folder, onlyFiles: true })).filter((path) => files.test(path)).sort();
    const { recordings: least, good } = WANTED[role];
    if (paths.length < least) {
      const found = paths.length === 0 ? `no recording (${endings})` : `only ${paths.length} recordings`;
      problems.push(`--${role} ${folder}: ${found} in it; at least ${least} are wanted, and ${good}`);
      continue;
    }
    const place = `--${role}`;
    const { of } = readSources({ path: join(folder, '-'), recordings: paths.map((path) => ({ path, place })) });
    for (const [index, path] of paths.entries()) {
      const isNamed = of[index] !== path;
      const within = posix.dirname(path);
      if (!isNamed && within === '.') alone[role]++;
      const file = join(folder, path);
      recordings.push({
        role,
        path,
        file,
        bytes: statSync(file).size,
        source: isNamed || within === '.' ? of[index] : within,
      });
    }
  }
  if (problems.length > 0) throw inputProblem(problems);
  refuseShared(recordings);
  return { recordings, alone };
}

/** One file cannot be in two folders: not itself, not by a link. */
function refuseShared(recordings: readonly Listed[]): void {
  const seen = new Map<string, Listed>();
  const shared: [Listed, Listed][] = [];
  for (const recording of recordings) {
    const real = realpathSync(recording.file);
    const before = seen.get(real);
    if (before && before.role !== recording.role) shared.push([before, recording]);
    seen.set(real, recording);
  }
  if (shared.length > 0) throw leak(shared);
}

/** What is said of recordings that are in two roles. */
export function leak(pairs: ReadonlyArray<readonly [Listed, Listed]>): InputProblem {
  const lines = pairs
    .slice(0, 5)
    .map(([a, b]) => `${a.file} is the same recording as ${b.file}: it cannot be of ${a.role} and of ${b.role}`);
  const more = pairs.length > 5 ? [`… and ${pairs.length - 5} more`] : [];
  return inputProblem([...lines, ...more, 'Take each out of one of the two folders.']);
}
