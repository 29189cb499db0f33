// Decodes what a person brought, leaves out what cannot be used, and finds what is there twice.
import { breathe } from '../../breathe.ts';
import { inputProblem } from '../../runs/files/problem.ts';
import { decodeFile } from '../../streams/decode.ts';
import { LOG_MEL } from '../../streams/front-end.ts';
import { RecordingError } from '../../streams/recording-error.ts';
import { findCopies } from '../duplicates.ts';
import { frameLevels, loudestStart } from '../levels.ts';
import type { Progress } from '../progress.ts';
import { type Listed, leak, ROLES, type Role, WANTED } from './folders.ts';

export interface Recording extends Listed {
  readonly samples: Float32Array;
}

export interface Collected {
  /** Distinct ones. */
  readonly recordings: readonly Recording[];
  /** Each with those that are the same sound under another name; they stay on its side of a split, and are not used. */
  readonly copies: ReadonlyArray<{ readonly kept: Recording; readonly others: readonly Recording[] }>;
  readonly skipped: ReadonlyArray<{ readonly file: string; readonly reason: string }>;
}

/** Decoded sound is held in memory, 230 MB an hour. */
const MOST_HOURS = 12;
/** Of a folder, so much may be of no use: more speaks of a mistake. */
const SKIPPED = { share: 0.1, count: 3 };
const SILENT_DECIBELS = -70;
const SHORTEST_SECONDS = 0.1;
const RATE = LOG_MEL.sampleRate;

/** Throws an InputProblem when too much cannot be used, too little is left, or one recording is in two roles. */
export async function collect(listed: readonly Listed[], progress: Progress): Promise<Collected> {
  const usable: Recording[] = [];
  const skipped: { role: Role; file: string; reason: string }[] = [];
  let samplesHeld = 0;
  for (const [index, recording] of listed.entries()) {
    await breathe(progress);
    progress.say(`decoding recording ${index + 1} of ${listed.length}`);
    const decoded = await decodeUsable(recording);
    if (typeof decoded === 'string') skipped.push({ role: recording.role, file: recording.file, reason: decoded });
    else {
      usable.push({ ...recording, samples: decoded });
      samplesHeld += decoded.length;
    }
    if (samplesHeld > MOST_HOURS * 3600 * RATE)
      throw inputProblem([
        `The recordings last more than ${MOST_HOURS} h, and all are held in memory: leave some out (${index + 1} of ${listed.length} were decoded so far).`,
      ]);
  }
  refuseSkipped(listed, skipped);
  progress.say('looking for recordings that are there twice');
  const groups = findCopies(usable.map(({ samples }) => excerpt(samples))).map((group) =>
    group.map((index) => usable[index]),
  );
  const shared = groups.flatMap(([first, ...others]) =>
    others.filter(({ role }) => role !== first.role).map((other): [Recording, Recording] => [first, other]),
  );
  if (shared.length > 0) throw leak(shared);
  const copies = groups.map(([kept, ...others]) => ({ kept, others }));
  const unused = new Set(copies.flatMap(({ others }) => others));
  const recordings = usable.filter((recording) => !unused.has(recording));
  refuseFew(recordings);
  return { recordings, copies, skipped };
}

/** The samples, or why they are of no use. */
async function decodeUsable({ file }: Listed): Promise<Float32Array | string> {
  try {
    const samples = await decodeFile(file);
    if (samples.length < SHORTEST_SECONDS * RATE)
      return `lasts ${Math.round((1000 * samples.length) / RATE)} ms, ${1000 * SHORTEST_SECONDS} ms are wanted`;
    const loudest = frameLevels(samples).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return loudest > SILENT_DECIBELS ? samples : `is silent (its loudest 10 ms are at ${loudest.toFixed(0)} dB)`;
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    return error.reason;
  }
}

function refuseSkipped(
  listed: readonly Listed[],
  skipped: ReadonlyArray<{ role: Role; file: string; reason: string }>,
) {
  const problems = ROLES.flatMap((role) => {
    const own = skipped.filter((one) => one.role === role);
    const all = listed.filter((one) => one.role === role).length;
    if (own.length <= Math.max(SKIPPED.count, SKIPPED.share * all)) return [];
    const shown = own.slice(0, 5).map(({ file, reason }) => `  ${file} ${reason}`);
    return [
      `${own.length} of the ${all} recordings of ${role} cannot be used; mend them or take them out:`,
      ...shown,
      ...(own.length > shown.length ? [`  … and ${own.length - shown.length} more`] : []),
    ];
  });
  if (problems.length > 0) throw inputProblem(problems);
}

function refuseFew(recordings: readonly Recording[]): void {
  const problems = ROLES.flatMap((role) => {
    const own = recordings.filter((one) => one.role === role);
    const sources = new Set(own.map(({ source }) => source)).size;
    const seconds = secondsOf(own);
    const wanted = WANTED[role];
    if (own.length < wanted.recordings)
      return [
        `${role}: ${own.length} distinct recordings can be used; at least ${wanted.recordings} are wanted, and ${wanted.good}`,
      ];
    if (seconds < wanted.seconds)
      return [`${role}: ${seconds.toFixed(0)} s of sound; at least ${wanted.seconds} s are wanted, and ${wanted.good}`];
    if (sources < wanted.sources)
      return [
        `${role}: all recordings are of ${sources} ${sources === 1 ? 'source' : 'sources'} (${own[0].source}, …), and at least ${wanted.sources} are wanted to train, to choose and to test on different ones; give each person or place a subfolder of its own, write a sources.csv (file,source) into the folder, or put recordings that stand each for themselves into the folder itself`,
      ];
    return [];
  });
  if (problems.length > 0) throw inputProblem(problems);
}

export const secondsOf = (recordings: readonly Pick<Recording, 'samples'>[]): number =>
  recordings.reduce((sum, { samples }) => sum + samples.length, 0) / RATE;

/** What copies are known by: the loudest second, which is the same one whatever the format and level. */
function excerpt(samples: Float32Array): Float32Array {
  const start = loudestStart(samples, RATE);
  return samples.subarray(start, start + RATE);
}
