// What is done to sound before a network learns from it, measure by measure, so that each can be left out to see what it buys.

export const MEASURES = [
  { name: 'level', words: 'any level from -52 to -12 dB (else -32 dB)' },
  { name: 'ratio', words: 'speech 0 to 28 dB over the background (else 15 dB)' },
  { name: 'noise', words: 'synthetic noise of five colours (else white)' },
  { name: 'rooms', words: 'rooms' },
  { name: 'speed', words: 'speed and pitch' },
  { name: 'bands', words: 'bands stretched by up to 10 %' },
  { name: 'response', words: 'responses of microphones' },
  { name: 'collages', words: 'collages of speech (else more speech)' },
  { name: 'fragments', words: 'halves of the word (else more speech)' },
  { name: 'others', words: 'other words (else more speech)' },
  { name: 'masks', words: 'stretches of time and bands hidden' },
  { name: 'hard', words: 'half of the negatives the hardest (else any)' },
] as const;

export type Measure = (typeof MEASURES)[number]['name'];

/** Measures that are left out. */
export type Without = ReadonlySet<Measure>;

export const NOTHING: Without = new Set();
