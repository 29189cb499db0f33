// What the three models score, hop by hop, on recordings of one split laid over known backgrounds: the raw material of thresholds and quality figures.

import { breathe } from '../breathe.ts';
import type { ModelSession } from '../models/session.ts';
import { nextIndex, nextNormal, type RandomState, seedRandom } from '../random.ts';
import { framesIn, LOG_MEL, LogMel } from '../streams/front-end.ts';
import { randomNoise } from './augment.ts';
import type { Bank, Sound, Word } from './bank.ts';
import { fromDecibels } from './levels.ts';
import { NETWORKS, type NetworkName } from './networks.ts';
import type { Progress } from './progress.ts';

/** Speech over background, in dB: levels while they sound, root mean square against root mean square. */
export const SNRS = [20, 15, 10, 5] as const;
export type Snr = (typeof SNRS)[number];

/** Backgrounds that each recording is heard over. */
const BACKGROUNDS = ['microphone noise', 'steady ambient sound', 'other ambient sound', 'synthetic noise'] as const;
const STEADY = new Set(['rain', 'sea-waves', 'fire-crackling', 'helicopter', 'chainsaw']);

/** Scores of every hop of a stretch of sound, by the models that listened. */
export interface Hearing<Name extends NetworkName = NetworkName> {
  /** Which recording it is of, and which voice, speaker or source that has. */
  readonly path: string;
  readonly group: string;
  readonly hops: number;
  readonly scores: Readonly<Record<Name, Float32Array>>;
  /** Hops in which a detection of the wake word would be right, and those within the word itself. */
  readonly accepted?: { readonly from: number; readonly to: number; readonly wordTo: number };
}

/** The negatives by kind: continuous speech, single words (commands and "jarvis"), ambient sound. */
export const NEGATIVE_KINDS = ['speech', 'words', 'ambient'] as const;
export type NegativeKind = (typeof NEGATIVE_KINDS)[number];

export interface Heard<Name extends NetworkName = NetworkName> {
  readonly words: ReadonlyMap<Snr, readonly Hearing<Name>[]>;
  readonly negatives: Readonly<Record<NegativeKind, ReadonlyMap<Snr, readonly Hearing<Name>[]>>>;
}

/** Scores the hops from `from` on of frames × bands. */
export type Listener<Name extends NetworkName> = (
  frames: Float32Array,
  from: number,
) => Promise<Record<Name, Float32Array>>;

export type Sessions = Readonly<Record<NetworkName, ModelSession>>;

/** All hops by one model. */
export async function scoreHops(
  name: NetworkName,
  session: ModelSession,
  frames: Float32Array,
  from: number,
): Promise<Float32Array> {
  const { streaming, bands, frames: window } = NETWORKS[name];
  if (streaming) return session.scoreStretch(frames.subarray((from + 1 - window) * bands));
  return session.scoreWindows(
    frames,
    Array.from({ length: frames.length / bands - from }, (_, index) => from + index),
  );
}

/** Every model hears every hop, whatever the others say. */
export const listenWithAll =
  (sessions: Sessions): Listener<NetworkName> =>
  async (frames, from) => ({
    activity: await scoreHops('activity', sessions.activity, frames, from),
    keyword: await scoreHops('keyword', sessions.keyword, frames, from),
    verify: await scoreHops('verify', sessions.verify, frames, from),
  });

export const HOPS_PER_HOUR = (3600 * LOG_MEL.sampleRate) / LOG_MEL.hopSamples;

/** Background before and after a recording: longer than the longest window, and than the second in which a detection may come late. */
const LEAD = 22_400;
const TAIL = 17_600;
/** A detection counts until a second after the word. */
const TOLERANCE = LOG_MEL.sampleRate;

/** A stretch of sound as it is to be heard: from frame `from` on. */
export interface Mixed extends Omit<Hearing, 'scores'> {
  readonly kind: 'computer' | NegativeKind;
  readonly snr: Snr;
  /** frames × bands. */
  readonly frames: Float32Array;
  readonly from: number;
}

/** Mixes a split: each wake-word take over every background at every SNR, each negative once at every SNR. Seeded. */
export async function* mixSplit(
  bank: Bank,
  voices: Readonly<Record<string, string>>,
  progress: Progress,
): AsyncGenerator<Mixed> {
  const logMel = new LogMel();
  const from = Math.floor(LEAD / LOG_MEL.hopSamples);
  const sounds = {
    computer: bank.computer,
    speech: bank.speech,
    words: [...bank.command, ...bank.jarvis],
    ambient: bank.ambient,
  } satisfies Record<Mixed['kind'], readonly Sound[]>;
  for (const snr of SNRS) {
    const random = seedRandom(1, 'hearing', snr);
    for (const kind of ['computer', ...NEGATIVE_KINDS] as const)
      for (const [index, sound] of sounds[kind].entries()) {
        await breathe(progress);
        progress.say(`${snr} dB: ${kind} ${index + 1} of ${sounds[kind].length}`);
        const heard = trimmed(sound);
        for (const background of kind === 'computer' ? BACKGROUNDS.keys() : [index % BACKGROUNDS.length]) {
          const mixed = overBackground(heard, sound.rms, snr, background, bank, random);
          const hops = framesIn(LOG_MEL, mixed.length) - from;
          yield {
            kind,
            snr,
            path: sound.clip.path,
            group: voices[sound.clip.path] ?? sound.clip.group ?? sound.clip.path,
            hops,
            frames: logMel.frames(mixed),
            from,
            ...(kind === 'computer' ? { accepted: acceptedHops(heard.length, hops) } : {}),
          };
        }
      }
    progress.note(`heard the ${bank.computer.length} takes and all negatives at ${snr} dB`);
  }
}

/** Lets models hear what was mixed of a split. */
export async function hear<Name extends NetworkName>(
  split: AsyncIterable<Mixed> | Iterable<Mixed>,
  listen: Listener<Name>,
): Promise<Heard<Name>> {
  const [heard] = await hearBoth(split, [listen]);
  return heard;
}

/** The same sound, mixed once, for several sets of models: a hearing of each. */
export async function hearBoth<Name extends NetworkName>(
  split: AsyncIterable<Mixed> | Iterable<Mixed>,
  listeners: readonly Listener<Name>[],
): Promise<readonly Heard<Name>[]> {
  type Hearings = Map<Snr, Hearing<Name>[]>;
  const heard = listeners.map((): Record<Mixed['kind'], Hearings> => {
    return { computer: new Map(), speech: new Map(), words: new Map(), ambient: new Map() };
  });
  for await (const { kind, snr, frames, from, ...about } of split)
    for (const [index, listen] of listeners.entries()) {
      const hearings = heard[index][kind].get(snr) ?? [];
      hearings.push({ ...about, scores: await listen(frames, from) });
      heard[index][kind].set(snr, hearings);
    }
  return heard.map(({ computer, ...negatives }) => ({ words: computer, negatives }));
}

const isWord = (sound: Sound): sound is Word => 'word' in sound;

function trimmed(sound: Sound): Float32Array {
  return isWord(sound) ? sound.samples.subarray(sound.word.start, sound.word.end) : sound.samples;
}

/** The word begins with the first hop. */
const acceptedHops = (wordSamples: number, hops: number): NonNullable<Hearing['accepted']> => ({
  from: 0,
  to: Math.min(hops, Math.floor((wordSamples + TOLERANCE) / LOG_MEL.hopSamples)),
  wordTo: Math.ceil(wordSamples / LOG_MEL.hopSamples),
});

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
  const alike = bank.ambient.filter(({ clip }) => STEADY.has(clip.label) === wantSteady);
  // Of sound whose kind nobody said, any.
  const choices = alike.length > 0 ? alike : bank.ambient;
  const { samples } = choices[nextIndex(random, choices.length)];
  const offset = nextIndex(random, samples.length);
  const out = Float32Array.from({ length }, (_, at) => samples[(at + offset) % samples.length]);
  const rms = Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / length);
  // Never quite silent: some of these recordings are, for seconds.
  return out.map((value) => value / Math.max(rms, 1e-5) + 0.05 * nextNormal(random));
}
