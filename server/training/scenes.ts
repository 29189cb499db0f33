// Four seconds of sound as a device might hear them, with what is in them: the material that the models are trained on.
import { nextBetween, nextIndex, nextUniform, type RandomState } from '../random.ts';
import { framesIn, LOG_MEL, type LogMel } from '../streams/front-end.ts';
import { changeSpeed, randomNoise, randomResponse, throughRoom } from './augment.ts';
import type { Bank, Sound, Word } from './bank.ts';
import { fromDecibels } from './levels.ts';
import { NOTHING, type Without } from './recipe.ts';

export const SCENE_SECONDS = 4;
const SAMPLES = SCENE_SECONDS * LOG_MEL.sampleRate;
export const SCENE_FRAMES = framesIn(LOG_MEL, SAMPLES);

export interface Scene {
  /** SCENE_FRAMES × bands. */
  readonly features: Float32Array;
  /** Per frame: 1 where somebody speaks, audibly above the rest. */
  readonly speech: Uint8Array;
  /** The sample after the end of the one "computer" in it, if there is one. */
  readonly wordEnd?: number | undefined;
  /** A distant voice in the background: neither speech nor none. */
  readonly murmur: boolean;
  readonly wordStart?: number | undefined;
}

type Content = 'computer' | 'speech' | 'collage' | 'command' | 'jarvis' | 'fragment' | 'ambient' | 'nothing';

/** How often each content is drawn when a scene holds no wake word. */
const NEGATIVES: readonly (readonly [Content, number])[] = [
  ['speech', 0.4],
  ['collage', 0.15],
  ['command', 0.1],
  ['jarvis', 0.1],
  ['fragment', 0.08],
  ['ambient', 0.13],
  ['nothing', 0.04],
];

/** What a scene is drawn from. */
interface Source {
  readonly bank: Bank;
  readonly random: RandomState;
  readonly without: Without;
}

/** Mixes one scene. With `wakeWord` it holds exactly one "computer". */
export function makeScene(
  bank: Bank,
  logMel: LogMel,
  wakeWord: boolean,
  random: RandomState,
  without: Without = NOTHING,
): Scene {
  const source: Source = { bank, random, without };
  const content = wakeWord ? 'computer' : drawContent(source);
  const voice = new Float32Array(SAMPLES);
  const rest = new Float32Array(SAMPLES);
  const drawn = nextBetween(random, -52, -12);
  const level = fromDecibels(without.has('level') ? -32 : drawn);
  let word: { start: number; end: number } | undefined;
  if (content === 'computer') word = placeWord(source, voice, level);
  else if (content === 'speech') addSpeech(source, voice, 0, SAMPLES, level);
  else if (content === 'collage') addCollage(source, voice, level);
  else if (content === 'command') addWords(source, voice, level);
  else if (content === 'jarvis') addTake(source, voice, level);
  else if (content === 'fragment') addFragment(source, voice, level);
  else if (content === 'ambient') addLoop(pick(bank.ambient, random), rest, 0, SAMPLES, level, random);
  const murmur = addBackground(source, rest, level);
  const speech = audibleSpeech(voice, rest);
  for (let at = 0; at < SAMPLES; at++) rest[at] = Math.max(-1, Math.min(1, rest[at] + voice[at]));
  const features = logMel.frames(rest);
  if (!without.has('bands')) warp(features, random);
  if (!without.has('response')) colour(features, random);
  return { features, speech, murmur, wordStart: word?.start, wordEnd: word?.end };
}

function drawContent(source: Source): Content {
  let left = nextUniform(source.random);
  for (const [content, share] of NEGATIVES) {
    left -= share;
    if (left < 0) return isToHand(content, source) ? content : 'speech';
  }
  return 'nothing';
}

/** What cannot be drawn, for want of recordings or because it is left out, gives its share to speech. */
function isToHand(content: Content, { bank, without }: Source): boolean {
  if (content === 'collage') return !without.has('collages');
  if (content === 'fragment') return !without.has('fragments');
  if (content === 'command') return !without.has('others') && bank.command.length > 0;
  if (content === 'jarvis') return !without.has('others') && bank.jarvis.length > 0;
  return true;
}

const pick = <T>(from: readonly T[], random: RandomState): T => from[nextIndex(random, from.length)];

/** A speed between these in this share of the cases, else 1. */
const drawSpeed = ({ random, without }: Source, share: number, low: number, high: number): number => {
  const speed = share === 1 || nextUniform(random) < share ? nextBetween(random, low, high) : 1;
  return without.has('speed') ? 1 : speed;
};

const isInRoom = ({ random, without }: Source, share: number): boolean =>
  nextUniform(random) < share && !without.has('rooms');

/** A variant of a word as another voice might say it elsewhere: samples trimmed to the word, faster or slower, and sometimes in a room. */
function variant({ samples, word }: Word, source: Source): { samples: Float32Array; length: number } {
  const margin = 400;
  const from = Math.max(0, word.start - margin);
  const speed = drawSpeed(source, 0.8, 0.85, 1.18);
  let spoken = changeSpeed(samples.subarray(from, Math.min(samples.length, word.end + margin)), speed);
  const length = Math.min(spoken.length, Math.round((word.end - from) / speed));
  if (isInRoom(source, 0.45)) {
    const withTail = new Float32Array(spoken.length + 3200);
    withTail.set(spoken);
    spoken = throughRoom(withTail, source.random);
  }
  return { samples: spoken, length };
}

function add(into: Float32Array, samples: Float32Array, at: number, gain: number): void {
  const first = Math.max(0, -at);
  const last = Math.min(samples.length, into.length - at);
  for (let index = first; index < last; index++) into[at + index] += gain * samples[index];
}

function placeWord(source: Source, voice: Float32Array, level: number): { start: number; end: number } {
  const { bank, random } = source;
  const take = pick(bank.computer, random);
  const { samples, length } = variant(take, source);
  const end = Math.round(nextBetween(random, 1.4, 3.2) * LOG_MEL.sampleRate);
  const start = end - length;
  add(voice, samples, start, level / take.rms);
  const gap = (): number => Math.round(nextBetween(random, 0.03, 0.7) * LOG_MEL.sampleRate);
  if (nextUniform(random) < 0.35) addSpeech(source, voice, 0, start - gap(), level);
  if (nextUniform(random) < 0.35) addSpeech(source, voice, end + gap(), SAMPLES, level);
  return { start, end };
}

/** Continuous speech; other words where the bank has none. */
function addSpeech(source: Source, voice: Float32Array, from: number, to: number, level: number): void {
  const { bank, random } = source;
  if (to - from < 1600) return;
  if (bank.speech.length === 0) {
    addTake(source, voice.subarray(from, to), level);
    return;
  }
  const sound = pick(bank.speech, random);
  const speed = drawSpeed(source, 0.7, 0.82, 1.22);
  const needed = Math.ceil((to - from) * speed) + 2;
  const start = nextIndex(random, Math.max(1, sound.samples.length - needed));
  let spoken = changeSpeed(sound.samples.subarray(start, start + needed), speed).subarray(0, to - from);
  if (isInRoom(source, 0.25)) spoken = throughRoom(spoken, random);
  add(voice, spoken, from, (level * fromDecibels(nextBetween(random, -4, 4))) / sound.rms);
}

function addWords(source: Source, voice: Float32Array, level: number): void {
  const { bank, random } = source;
  for (let at = nextIndex(random, 8000); at < SAMPLES; at += 12_000 + nextIndex(random, 12_000)) {
    const { samples, rms } = pick(bank.command, random);
    add(voice, changeSpeed(samples, drawSpeed(source, 1, 0.88, 1.14)), at, level / rms);
  }
}

function addTake(source: Source, voice: Float32Array, level: number): void {
  const { bank, random } = source;
  for (let at = nextIndex(random, 16_000); at < voice.length - 8000; at += 24_000 + nextIndex(random, 16_000)) {
    const take = pick(bank.jarvis, random);
    add(voice, variant(take, source).samples, at, level / take.rms);
  }
}

/** Pieces of speech from anybody, 0.1 to 0.5 s each and some of them backwards, joined without a pause: sounds in orders that no recording has. */
function addCollage(source: Source, voice: Float32Array, level: number): void {
  const { bank, random } = source;
  const fade = 160;
  const others = bank.command.length > 0 ? bank.command : bank.jarvis;
  for (let at = 0; at < SAMPLES; ) {
    const wanted = nextUniform(random) < 0.6 ? bank.speech : others;
    const { samples, rms } = pick(wanted.length > 0 ? wanted : [...bank.speech, ...others], random);
    const length = Math.min(samples.length, 1600 + nextIndex(random, 6400));
    const start = nextIndex(random, samples.length - length + 1);
    const piece = changeSpeed(samples.subarray(start, start + length), drawSpeed(source, 1, 0.82, 1.22));
    if (nextUniform(random) < 0.15) piece.reverse();
    for (let index = 0; index < Math.min(fade, piece.length / 2); index++) {
      piece[index] *= index / fade;
      piece[piece.length - 1 - index] *= index / fade;
    }
    add(voice, piece, at, level / Math.max(rms, 1e-4));
    at += Math.max(fade, piece.length - fade);
  }
}

/** Half of the wake word, alone or going on as other speech: it must not be enough. */
function addFragment(source: Source, voice: Float32Array, level: number): void {
  const { bank, random } = source;
  const take = pick(bank.computer, random);
  const { samples, length } = variant(take, source);
  const at = 12_000 + nextIndex(random, 20_000);
  if (nextUniform(random) < 0.5) {
    const cut = Math.round(length * nextBetween(random, 0.3, 0.55));
    add(voice, samples.subarray(0, cut), at, level / take.rms);
    if (nextUniform(random) < 0.6) addSpeech(source, voice, at + cut, SAMPLES, level);
  } else {
    if (nextUniform(random) < 0.6) addSpeech(source, voice, 0, at, level);
    const cut = Math.round(length * nextBetween(random, 0.5, 0.7));
    add(voice, samples.subarray(cut, length), at, level / take.rms);
  }
}

function addLoop(
  { samples, rms }: Sound,
  into: Float32Array,
  from: number,
  to: number,
  level: number,
  random: RandomState,
): void {
  const offset = nextIndex(random, samples.length);
  const gain = level / Math.max(rms, 1e-4);
  for (let at = from; at < to; at++) into[at] += gain * samples[(at + offset) % samples.length];
}

/** Ambient sound, synthetic noise, a distant voice (then true), or next to nothing; a microphone's own noise always. */
function addBackground(source: Source, rest: Float32Array, level: number): boolean {
  const { bank, random, without } = source;
  const ratio = (low: number): number => {
    const drawn = nextBetween(random, low, 28);
    return fromDecibels(-(without.has('ratio') ? 15 : drawn));
  };
  const below = level * ratio(0);
  const kind = nextUniform(random);
  const isMurmur = kind >= 0.75 && kind < 0.8 && bank.speech.length > 0;
  if (kind < 0.45) addLoop(pick(bank.ambient, random), rest, 0, SAMPLES, below, random);
  else if (kind < 0.7) add(rest, randomNoise(SAMPLES, random, without.has('noise') ? ['white'] : undefined), 0, below);
  else if (kind < 0.75)
    addLoop(pick(bank.silence.length > 0 ? bank.silence : bank.ambient, random), rest, 0, SAMPLES, below, random);
  else if (isMurmur) addSpeech(source, rest, 0, SAMPLES, level * ratio(12));
  const own = fromDecibels(nextBetween(random, -92, -62)) * Math.sqrt(3);
  for (let at = 0; at < SAMPLES; at++) rest[at] += own * (2 * nextUniform(random) - 1);
  return isMurmur;
}

/** Per frame: whether the voice is within 30 dB of its loudest, and not under what else sounds by more than 3 dB. */
function audibleSpeech(voice: Float32Array, rest: Float32Array): Uint8Array {
  const hop = LOG_MEL.hopSamples;
  const speech = new Uint8Array(SCENE_FRAMES);
  const energies = (x: Float32Array): Float64Array =>
    Float64Array.from(speech, (_, frame) => {
      let sum = 0;
      for (let at = frame * hop; at < (frame + 1) * hop; at++) sum += x[at] * x[at];
      return sum;
    });
  const voices = energies(voice);
  const others = energies(rest);
  const loudest = voices.reduce((a, b) => Math.max(a, b), 0);
  for (let frame = 0; frame < speech.length; frame++)
    speech[frame] = voices[frame] > 0.001 * loudest && voices[frame] > 0.5 * others[frame] && loudest > 0 ? 1 : 0;
  return speech;
}

/** Another length of the vocal tract: the bands stretched by up to 10 % (Jaitly and Hinton 2013), for all that sounds. */
function warp(features: Float32Array, random: RandomState): void {
  if (nextUniform(random) < 0.4) return;
  const factor = nextBetween(random, 0.9, 1.1);
  const { bands } = LOG_MEL;
  const frame = new Float32Array(bands);
  for (let start = 0; start < features.length; start += bands) {
    for (let band = 0; band < bands; band++) {
      const place = Math.min(bands - 1, band * factor);
      const below = Math.floor(place);
      const above = Math.min(bands - 1, below + 1);
      frame[band] = features[start + below] + (place - below) * (features[start + above] - features[start + below]);
    }
    features.set(frame, start);
  }
}

/** A microphone's frequency response. */
function colour(features: Float32Array, random: RandomState): void {
  if (nextUniform(random) < 0.3) return;
  const { bands, floorDecibels, ceilingDecibels } = LOG_MEL;
  const response = randomResponse(bands, 8, (ceilingDecibels - floorDecibels) / 2, random);
  for (let at = 0; at < features.length; at++)
    features[at] = Math.max(-1, Math.min(1, features[at] + response[at % bands]));
}
