// A day with the trained cascade: scenario.yaml, and beside it recordings of the test split, which the models have never heard.
import { copyFileSync, mkdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { LOG_MEL } from '../../streams/front-end.ts';
import { writeWav } from '../../streams/wav.ts';
import { wordBounds } from '../levels.ts';
import { NETWORK_NAMES, type NetworkName } from '../networks.ts';
import { type Recording, secondsOf } from './collect.ts';
import { ROLES, type Role } from './folders.ts';
import type { Figures } from './measure.ts';

/** A scenario needs some of each, not all that there is: copies of hours of sound help nobody. */
const MOST_SECONDS: Readonly<Record<Role, number>> = { positives: 600, negatives: 3600, ambient: 1800 };
const CORES: Readonly<Record<NetworkName, string>> = { activity: 'dsp', keyword: 'mcu', verify: 'app' };

/**
 * Puts recordings into `folder`/recordings/<role>, and gives the lines of their sources.csv. Of a positive what sounds is taken: an event ends where it ends,
 * and latency counts from there.
 */
export async function copyRecordings(folder: string, test: readonly Recording[]): Promise<string> {
  const lines = ['file,source'];
  for (const role of ROLES) {
    mkdirSync(join(folder, 'recordings', role), { recursive: true });
    const taken: Recording[] = [];
    for (const recording of test.filter((one) => one.role === role)) {
      if (taken.length > 0 && secondsOf([...taken, recording]) > MOST_SECONDS[role]) break;
      taken.push(recording);
      // Numbered: patterns and tables do not take every name.
      const number = String(taken.length).padStart(4, '0');
      const ending = role === 'positives' ? '.wav' : extname(recording.path).toLowerCase();
      const path = join(folder, 'recordings', role, `${number}${ending}`);
      if (role === 'positives') await writeSounding(path, recording);
      else copyFileSync(recording.file, path);
      lines.push(`${role}/${number}${ending},${recording.source.replaceAll(',', ' ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

async function writeSounding(path: string, { samples }: Recording): Promise<void> {
  const { start, end } = wordBounds(samples);
  await writeWav(path, LOG_MEL.sampleRate, end - start, (at, out) =>
    out.set(samples.subarray(start + at, Math.min(end, start + at + out.length))),
  );
}

export function scenarioText(name: string, { thresholds: { normal, strict } }: Figures): string {
  const stage = (network: NetworkName): string => {
    const hold = network === 'verify' ? ', hold: 1500 ms' : '';
    return `  - { stage: ${network}, model: models/${network}.onnx, core: ${CORES[network]}, gate: { threshold: ${normal[network]}, strict: ${strict[network]}${hold} } }`;
  };
  return `# Made by \`lightsleeper train --positives …\`: a day with the models beside it. Change what you like: rates, levels, device, thresholds.
title: A day that listens for ${name}
description: >-
  Twenty-four hours in which "${name}" sounds now and then among other sounds, over a background that comes and goes. All recordings are of the test
  split: no model has heard them, and no threshold was chosen with them.
device: pocket-assistant
powerProfile: balanced
duration: 24 h
detect: ${name}
streams:
  - sensor: microphone
    noiseFloor: -62 dB
    background:
      - { clips: "recordings/ambient/*", level: -48 dB, share: 30 %, spell: 6 min }
    events:
      - { label: ${name}, clips: "recordings/positives/*", rate: 6/h, snr: 15 dB, spread: 3 dB }
      - { label: ${otherLabel(name)}, clips: "recordings/negatives/*", rate: 60/h, snr: 17 dB, spread: 5 dB }
# Thresholds were chosen on the validation split; report.md says what they are worth.
cascade:
${NETWORK_NAMES.map(stage).join('\n')}
seed: 7
`;
}

const otherLabel = (name: string): string => (name === 'other' ? 'something-else' : 'other');
