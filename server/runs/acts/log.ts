// Acts and the log of them as people write them: checked here, wherever they come from.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { inWords } from '../files/in-words.ts';
import { InputProblem, inputProblem } from '../files/problem.ts';
import { type AskedAct, type Input, LONGEST_RECORDING_SECONDS } from './act.ts';

const within = (advice: string, least: number, most: number) => z.number(advice).min(least, advice).max(most, advice);
const seconds = within('give from 0.02 to 3600 s', 0.02, 3600).describe('For how long, in simulated seconds.');
const snr = within('give a ratio to the noise from -20 to 60 dB', -20, 60).describe(
  'How much louder than the noise of that moment it is, in dB.',
);
const label = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u, 'name it in at most 40 letters, digits, spaces and hyphens')
  .describe('What it is; under the label that the run looks for, it has to be detected.');
const names = z.string().min(1).max(200);
const ageing = {
  kind: z.literal('age-battery'),
  capacity: within('give the share of the capacity that is left, from 0.05 to 1', 0.05, 1).default(1),
  resistance: within('give what the resistance is multiplied by, from 1 to 20', 1, 20).default(1),
};

/** A recording in base64 takes four bytes for three; 10 s at 48 kHz are 960 kB. */
const MOST_BASE64 = 1_400_000;

export const actBody = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('play'),
        clip: names.describe('Path of a recording of the scenario.'),
        snr: snr.optional(),
      })
      .describe('Play one of the scenario’s own recordings.'),
    z
      .strictObject({
        kind: z.literal('sound'),
        label,
        snr: snr.default(15),
        wav: z
          .base64('send the WAV file as base64')
          .max(MOST_BASE64, `send at most ${LONGEST_RECORDING_SECONDS} s of sound`)
          .describe('A WAV file as base64, of any sample rate.'),
      })
      .describe('Play a sound that was just recorded.'),
    z
      .strictObject({
        kind: z.literal('motion'),
        label,
        csv: z
          .string()
          .max(400_000, `send at most ${LONGEST_RECORDING_SECONDS} s of motion`)
          .describe('Columns time_ms, ax, ay, az, gx, gy, gz.'),
      })
      .describe('A motion that was just recorded.'),
    z
      .strictObject({ kind: z.literal('noise'), decibels: within('give from -40 to 40 dB', -40, 40) })
      .describe('Noise and background so much louder than planned, from now on.'),
    z.strictObject({ kind: z.literal('fail-sensor'), seconds }).describe('The sensor delivers zeros for a while.'),
    z
      .strictObject({ kind: z.literal('stall-link'), link: names, seconds })
      .describe('Nothing moves over a link for a while.'),
    z.strictObject(ageing).describe('The battery loses capacity and gains resistance.'),
    z
      .strictObject({ kind: z.literal('choose-profile'), powerProfile: names.nullable() })
      .describe('A power profile holds whatever the rules say; null gives back to them.'),
  ])
  .describe('What is done to the run.');
export type ActBody = z.input<typeof actBody>;

export const logEntry = z.object({
  simulatedSeconds: z
    .number('give the simulated second at which it is done')
    .positive('a run is acted on after its beginning')
    .describe('When it takes hold: at the end of a window.'),
  act: actBody,
});
export type LogEntry = z.output<typeof logEntry>;

/** An act as a run takes it. */
export function askedAct(body: z.output<typeof actBody>): AskedAct {
  switch (body.kind) {
    case 'play':
      return { ...body, snr: body.snr ?? null };
    case 'sound':
      return { ...body, wav: new Uint8Array(Buffer.from(body.wav, 'base64')) };
    default:
      return body;
  }
}

/** An entry of the log as it is written. */
export function writtenEntry({ simulatedSeconds, act }: Input): LogEntry {
  switch (act.kind) {
    case 'play':
      return {
        simulatedSeconds,
        act: { kind: act.kind, clip: act.clip, ...(act.snr === null ? {} : { snr: act.snr }) },
      };
    case 'sound':
      return { simulatedSeconds, act: { ...act, wav: Buffer.from(act.wav).toString('base64') } };
    default:
      return { simulatedSeconds, act };
  }
}

/** Reads a log. @throws {InputProblem} */
export async function readLog(path: string): Promise<readonly Input[]> {
  let written: unknown;
  try {
    written = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputProblem(`${path} is no log of acts (${reason}); take one from /api/runs/<run>/log`);
  }
  const read = z.array(logEntry).safeParse(written, { error: inWords });
  if (!read.success)
    throw inputProblem(read.error.issues.map((issue) => `${path}: ${issue.path.join('.')}: ${issue.message}`));
  return read.data.map(({ simulatedSeconds, act }) => ({ simulatedSeconds, act: askedAct(act) }));
}
