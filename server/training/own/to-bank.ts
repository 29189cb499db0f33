// A person's recordings as scenes are mixed of them.
import { LOG_MEL } from '../../streams/front-end.ts';
import type { Bank, Sound, Word } from '../bank.ts';
import { activeRms, type Bounds, loudestStart, wordBounds } from '../levels.ts';
import type { Recording } from './collect.ts';

/** Negatives from here on are continuous; shorter ones are words or sounds that stand alone. */
const CONTINUOUS_SECONDS = 3;
/** What the models' windows hold: of a longer sound to be detected, its loudest part is learnt. */
const LONGEST_SECONDS = 1.2;

/** "computer" is what is looked for, "jarvis" any other short sound. */
export function toBank(recordings: readonly Recording[]): Bank {
  const positives = recordings.filter(({ role }) => role === 'positives');
  const negatives = recordings.filter(({ role }) => role === 'negatives');
  const isContinuous = ({ samples }: Recording): boolean => samples.length >= CONTINUOUS_SECONDS * LOG_MEL.sampleRate;
  return {
    computer: positives.map((recording) => wordOf(recording, 'computer')),
    jarvis: negatives.filter((one) => !isContinuous(one)).map((recording) => wordOf(recording, 'jarvis')),
    command: [],
    silence: [],
    speech: negatives.filter(isContinuous).map((recording) => soundOf(recording, 'speech')),
    ambient: recordings.filter(({ role }) => role === 'ambient').map((recording) => soundOf(recording, 'ambient')),
  };
}

const clipOf = ({ role, path, source }: Recording, kind: Sound['clip']['kind']): Sound['clip'] => ({
  path: `${role}/${path}`,
  kind,
  group: source,
  label: role,
});

const soundOf = (recording: Recording, kind: 'speech' | 'ambient'): Sound => ({
  clip: clipOf(recording, kind),
  samples: recording.samples,
  rms: activeRms(recording.samples),
});

function wordOf(recording: Recording, kind: 'computer' | 'jarvis'): Word {
  const { samples } = recording;
  const word = boundsOf(samples);
  return { clip: clipOf(recording, kind), samples, word, rms: activeRms(samples.subarray(word.start, word.end)) };
}

function boundsOf(samples: Float32Array): Bounds {
  const whole = wordBounds(samples);
  const longest = LONGEST_SECONDS * LOG_MEL.sampleRate;
  if (whole.end - whole.start <= longest) return whole;
  const start = whole.start + loudestStart(samples.subarray(whole.start, whole.end), longest);
  return { start, end: start + longest };
}
