// What the three models score, hop by hop, on recordings of one split laid over known backgrounds: the raw material of thresholds and quality figures.

import { breathe } from '../breathe.ts';
import type { ModelSession } from '../models/session.ts';
import { nextIndex, nextNormal, type RandomState, seedRandom } from '../random.ts';
import { framesIn, LOG_MEL, LogMel } from '../streams/front-end.ts';
import { randomNoise } from './augment.ts';
import type { Bank, Sound, Word } from './bank.ts';
import { fromDecibels } from './levels.ts';
import { NETWORK_NAMES, NETWORKS, type NetworkName } from './networks.ts';
import type { Progress } from './progress.ts';

/** Speech over background, in dB: levels while they sound, root mean square against root mean square. */
export const SNRS = [20, 15, 10, 5] as const;
export type Snr = (typeof SNRS)[number];

/** Backgrounds that each recording is heard over. */
const BACKGROUNDS = ['microphone noise', 'steady ambient sound', 'other ambient sound', 'synthetic noise'] as const;
const STEADY = new Set(['rain', 'sea-waves', 'fire-crackling', 'helicopter', 'chainsaw']);

/** Scores of every hop of a stretch of sound. */
export interface Hearing {
  /** Which recording it is of, and which voice, speaker or source that has. */
  readonly path: string;
  readonly group: string;
  readonly scores: Readonly<Record<NetworkName, Float32Array>>;
  /** Hops in which a detection of the wake word would be right, and those within the word itself. */
  readonly accepted?: { readonly from: number; readonly to: number; readonly wordTo: number };
}

/** The negatives by kind: continuous speech, single words (commands and "jarvis"), ambient sound. */
export const NEGATIVE_KINDS = ['speech', 'words', 'ambient'] as const;
export type NegativeKind = (typeof NEGATIVE_KINDS)[number];

export interface Heard {
  readonly words: ReadonlyMap<Snr, readonly Hearing[]>;
  readonly negatives: Readonly<Record<NegativeKind, ReadonlyMap<Snr, readonly Hearing[]>>>;
}

export type Sessions = Readonly<Record<NetworkName, ModelSession>>;

export const HOPS_PER_HOUR = (3600 * LOG_MEL.sampleRate) / LOG_MEL.hopSamples;

/** Background before and after a recording: longer than the longest window, and than the second in which a detection may come late. */
const LEAD = 22_400;
const TAIL = 17_600;
/** A detection counts until a second after the word. */
const TOLERANCE = LOG_MEL.sampleRate;

/** Lets the models hear a split: each wake-word take over every background at every SNR, each negative once at every SNR. Seeded. */
export async function hear(
  bank: Bank,
  sessions: Sessions,
  voices: Readonly<Record<string, string>>,
  progress: Progress,
): Promise<Heard> {
  const words = new Map<Snr, Hearing[]>();
  const negatives = { speech: new Map(), words: new Map(), ambient: new Map() } satisfies Record<
    NegativeKind,
    Map<Snr, Hearing[]>
  >;
  const logMel = new LogMel();
  const groupOf = ({ clip }: Sound): string => voices[clip.path] ?? clip.group ?? clip.path;
  for (const snr of SNRS) {
    const random = seedRandom(1, 'hearing', snr);
    const list: Hearing[] = [];
    for (const [index, take] of bank.computer.entries()) {
      await breathe(progress);
      progress.say(`${snr} dB: take ${index + 1} of ${bank.computer.length}`);
      for (let background = 0; background < BACKGROUNDS.length; background++)
        list.push(await hearWord(take, groupOf(take), snr, background, bank, sessions, logMel, random));
    }
    words.set(snr, list);
    const hearAll = async (sounds: readonly Sound[]): Promise<Hearing[]> => {
      const heard: Hearing[] = [];
      for (const [index, sound] of sounds.entries()) {
        await breathe(progress);
        progress.say(`${snr} dB: ${sound.clip.kind} ${index + 1} of ${sounds.length}`);
        const mixed = overBackground(trimmed(sound), sound.rms, snr, index % BACKGROUNDS.length, bank, random);
        heard.push({
          path: sound.clip.path,
          group: groupOf(sound),
          scores: await scoresOf(mixed, framesIn(LOG_MEL, LEAD), sessions, logMel),
        });
      }
      return heard;
    };
    negatives.speech.set(snr, await hearAll(bank.speech));
    negatives.words.set(snr, await hearAll([...bank.command, ...bank.jarvis]));
    negatives.ambient.set(snr, await hearAll(bank.ambient));
    progress.note(`heard the ${bank.computer.length} takes and all negatives at ${snr} dB`);
  }
  return { words, negatives };
}

const isWord = (sound: Sound): sound is Word => 'word' in sound;

function trimmed(sound: Sound): Float32Array {
  return isWord(sound) ? sound.samples.subarray(sound.word.start, sound.word.end) : sound.samples;
}

async function hearWord(
  take: Word,
  group: string,
  snr: Snr,
  background: number,
  bank: Bank,
  sessions: Sessions,
  logMel: LogMel,
  random: RandomState,
): Promise<Hearing> {
  const word = trimmed(take);
  const mixed = overBackground(word, take.rms, snr, background, bank, random);
  const from = Math.floor(LEAD / LOG_MEL.hopSamples);
  const hops = framesIn(LOG_MEL, mixed.length) - from;
  return {
    path: take.clip.path,
    group,
    scores: await scoresOf(mixed, from, sessions, logMel),
    accepted: {
      from: 0,
      to: Math.min(hops, Math.floor((word.length + TOLERANCE) / LOG_MEL.hopSamples)),
      wordTo: Math.ceil(word.length / LOG_MEL.hopSamples),
    },
  };
}

/** The recording `snr` dB above a background between -60 and -40 dB of full scale, which also sounds before and after it. */
function overBackground(
  sound: Float32Array,
  rms: number,
  snr: Snr,
  background: number,
  bank: Bank,
  random: RandomState,
): Float32Array {
  const level = fromDecibels(-60 + nextIndex(random, 21));
  const mixed = backgroundSound(background, LEAD + sound.length + TAIL, bank, random).map((value) => value * level);
  const gain = (level * fromDecibels(snr)) / Math.max(rms, 1e-5);
  for (let at = 0; at < sound.length; at++) mixed[LEAD + at] += gain * sound[at];
  return mixed.map((value) => Math.max(-1, Math.min(1, value)));
}

/** Of unit root mean square. */
function backgroundSound(background: number, length: number, bank: Bank, random: RandomState): Float32Array {
  if (BACKGROUNDS[background] === 'synthetic noise') return randomNoise(length, random);
  if (BACKGROUNDS[background] === 'microphone noise') return Float32Array.from({ length }, () => nextNormal(random));
  const wantSteady = BACKGROUNDS[background] === 'steady ambient sound';
  const choices = bank.ambient.filter(({ clip }) => STEADY.has(clip.label) === wantSteady);
  const { samples } = choices[nextIndex(random, choices.length)];
  const offset = nextIndex(random, samples.length);
  const out = Float32Array.from({ length }, (_, at) => samples[(at + offset) % samples.length]);
  const rms = Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / length);
  // Never quite silent: some of these recordings are, for seconds.
  return out.map((value) => value / Math.max(rms, 1e-5) + 0.05 * nextNormal(random));
}

/** Scores of all models for the hops from `from` on. */
async function scoresOf(
  samples: Float32Array,
  from: number,
  sessions: Sessions,
  logMel: LogMel,
): Promise<Record<NetworkName, Float32Array>> {
  const frames = logMel.frames(samples);
  const count = framesIn(LOG_MEL, samples.length);
  const lasts = Array.from({ length: count - from }, (_, index) => from + index);
  const scores = {} as Record<NetworkName, Float32Array>;
  for (const name of NETWORK_NAMES) {
    const network = NETWORKS[name];
    scores[name] = network.streaming
      ? await sessions[name].scoreStretch(frames.subarray((from + 1 - network.frames) * network.bands))
      : await sessions[name].scoreWindows(frames, lasts);
  }
  return scores;
}
