// Clusters takes of one word by voice and recording place, because the wake-word takes carry no speaker ids. This only keeps similar takes
// on one side of a split; a cluster is no proof of a speaker, and one speaker may fill several.
import type { LogMel } from '../streams/front-end.ts';
import type { Bounds } from './levels.ts';

export interface Take {
  readonly samples: Float32Array;
  readonly word: Bounds;
}

/** The cluster of each take, 0 … clusters - 1: agglomerative, average linkage, over standardised statistics of cepstrum, pitch and noise. */
export function clusterVoices(takes: readonly Take[], clusters: number, logMel: LogMel): readonly number[] {
  const points = standardise(takes.map((take) => voiceStatistics(take, logMel)));
  const distance = points.map((a) =>
    Float64Array.from(points, (b) => Math.hypot(...a.map((value, at) => value - b[at]))),
  );
  const members: (number[] | undefined)[] = points.map((_, index) => [index]);
  for (let alive = points.length; alive > clusters; alive--) {
    let best: [number, number] = [0, 0];
    let nearest = Number.POSITIVE_INFINITY;
    for (let a = 0; a < points.length; a++)
      if (members[a])
        for (let b = a + 1; b < points.length; b++)
          if (members[b] && distance[a][b] < nearest) {
            nearest = distance[a][b];
            best = [a, b];
          }
    const [a, b] = best;
    const first = members[a] ?? [];
    const second = members[b] ?? [];
    for (let other = 0; other < points.length; other++) {
      const joined =
        (distance[a][other] * first.length + distance[b][other] * second.length) / (first.length + second.length);
      distance[a][other] = joined;
      distance[other][a] = joined;
    }
    members[a] = [...first, ...second];
    members[b] = undefined;
  }
  const cluster = new Array<number>(points.length).fill(0);
  for (const [id, group] of members.filter((group) => group !== undefined).entries())
    for (const index of group) cluster[index] = id;
  return cluster;
}

/** Mean and spread of 13 cepstral coefficients over the word, its pitch (twice, to weigh more), and the noise around it. */
function voiceStatistics({ samples, word }: Take, logMel: LogMel): number[] {
  const { bands, hopSamples } = logMel.spec;
  const frames = logMel.frames(samples);
  const inside: number[][] = [];
  let noise = 0;
  let noiseFrames = 0;
  for (let frame = 0; frame * bands < frames.length; frame++) {
    const values = Array.from(frames.subarray(frame * bands, (frame + 1) * bands));
    const end = (frame + 1) * hopSamples;
    if (end > word.start && end <= word.end) inside.push(cepstrum(values));
    else if (end < word.start - 3200 || end > word.end + 3200) {
      noise += values.reduce((a, b) => a + b, 0) / bands;
      noiseFrames++;
    }
  }
  const statistics: number[] = [];
  for (let c = 1; c <= 13; c++) {
    const column = inside.map((values) => values[c]);
    const mean = column.reduce((a, b) => a + b, 0) / column.length;
    statistics.push(mean, Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length));
  }
  const pitch = Math.log2(medianPitch(samples.subarray(word.start, word.end), logMel.spec.sampleRate));
  statistics.push(pitch, pitch, noiseFrames > 0 ? noise / noiseFrames : -1);
  return statistics;
}

function cepstrum(bands: readonly number[]): number[] {
  return Array.from({ length: 14 }, (_, c) =>
    bands.reduce((sum, value, band) => sum + value * Math.cos((Math.PI * c * (band + 0.5)) / bands.length), 0),
  );
}

/** Median over voiced 40 ms frames of the autocorrelation's peak between 70 and 400 Hz; 150 Hz when nothing is voiced. */
function medianPitch(samples: Float32Array, sampleRate: number): number {
  const size = Math.round(sampleRate * 0.04);
  const shortest = Math.round(sampleRate / 400);
  const longest = Math.round(sampleRate / 70);
  const pitches: number[] = [];
  for (let start = 0; start + size + longest < samples.length; start += size / 2) {
    let energy = 1e-9;
    for (let at = start; at < start + size; at++) energy += samples[at] ** 2;
    let best = 0;
    let bestLag = 0;
    for (let lag = shortest; lag <= longest; lag++) {
      let sum = 0;
      for (let at = start; at < start + size; at++) sum += samples[at] * samples[at + lag];
      if (sum > best) {
        best = sum;
        bestLag = lag;
      }
    }
    if (best > 0.5 * energy && energy / size > 1e-6) pitches.push(sampleRate / bestLag);
  }
  pitches.sort((a, b) => a - b);
  return pitches[Math.floor(pitches.length / 2)] ?? 150;
}

function standardise(points: readonly number[][]): readonly number[][] {
  const dimensions = points[0]?.length ?? 0;
  const mean = new Float64Array(dimensions);
  const spread = new Float64Array(dimensions);
  for (const point of points) for (let at = 0; at < dimensions; at++) mean[at] += point[at] / points.length;
  for (const point of points)
    for (let at = 0; at < dimensions; at++) spread[at] += (point[at] - mean[at]) ** 2 / points.length;
  return points.map((point) => point.map((value, at) => (value - mean[at]) / (Math.sqrt(spread[at]) || 1)));
}
