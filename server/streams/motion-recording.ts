// Recordings of motion: CSV as data loggers and phones write it, one sample a line, into samples at an even rate.

import { RecordingError } from './recording-error.ts';

/** Names that columns go by, in the order in which a sample holds them. */
const COLUMNS: readonly (readonly string[])[] = [
  ['ax', 'x_acc', 'acc_x', 'accel_x'],
  ['ay', 'y_acc', 'acc_y', 'accel_y'],
  ['az', 'z_acc', 'acc_z', 'accel_z'],
  ['gx', 'x_gyro', 'gyro_x'],
  ['gy', 'y_gyro', 'gyro_y'],
  ['gz', 'z_gyro', 'gyro_z'],
];
const TIME = ['time_ms', 'timestamp', 'timestamp_ms'];

/** A pause this much longer than a sample is a gap: what lies in it was not recorded. */
const LONGEST_PAUSE_SECONDS = 1;

/**
 * Reads acceleration (m/s²) and rotation (rad/s) by columns `time_ms, ax, ay, az, gx, gy, gz` (or x_acc … z_gyro, timestamp), time in milliseconds from
 * anywhere; other columns, such as a label, are passed over. Between samples values are interpolated linearly.
 * @param channels 3: acceleration alone
 * @param path names the file in errors
 * @returns samples × channels at `sampleRate` Hz
 * @throws {RecordingError} naming the line
 */
export function readMotion(text: string, path: string, sampleRate: number, channels: 3 | 6): Float32Array {
  const lines = text.split(/\r?\n/);
  const names = lines[0].split(',').map((name) => name.trim().toLowerCase());
  const find = (accepted: readonly string[]): number => {
    const column = names.findIndex((name) => accepted.includes(name));
    if (column < 0)
      throw new RecordingError(
        path,
        `line 1: there is no column ${accepted[0]} (there are ${names.join(', ').slice(0, 200)}); motion has time_ms, ax, ay, az${channels === 6 ? ', gx, gy, gz' : ''}`,
      );
    return column;
  };
  const timeColumn = find(TIME);
  const columns = COLUMNS.slice(0, channels).map(find);
  const times: number[] = [];
  const values: number[] = [];
  for (let at = 1; at < lines.length; at++) {
    if (lines[at].trim() === '') continue;
    const fields = lines[at].split(',');
    const number = (column: number): number => {
      const field = fields[column]?.trim() ?? '';
      const value = field === '' ? Number.NaN : Number(field);
      if (!Number.isFinite(value))
        throw new RecordingError(
          path,
          `line ${at + 1}: column ${names[column]} holds "${field.slice(0, 40)}" and no number`,
        );
      return value;
    };
    const seconds = number(timeColumn) / 1000;
    const passed = times.length === 0 ? 0 : seconds - times[times.length - 1];
    if (passed < 0)
      throw new RecordingError(
        path,
        `line ${at + 1}: time goes back by ${Math.round(-passed * 1000)} ms; sort the lines by time`,
      );
    if (passed > LONGEST_PAUSE_SECONDS)
      throw new RecordingError(
        path,
        `line ${at + 1}: ${passed.toFixed(1)} s are missing before it; cut the recording there`,
      );
    times.push(seconds);
    values.push(...columns.map(number));
  }
  const length = times.length === 0 ? 0 : Math.floor((times[times.length - 1] - times[0]) * sampleRate);
  if (length < 2) throw new RecordingError(path, `holds ${times.length} lines of samples, too few at ${sampleRate} Hz`);
  return interpolate(times, values, length, sampleRate, channels);
}

function interpolate(
  times: readonly number[],
  values: readonly number[],
  length: number,
  sampleRate: number,
  channels: number,
): Float32Array {
  const samples = new Float32Array(length * channels);
  let before = 0;
  for (let sample = 0; sample < length; sample++) {
    const time = times[0] + sample / sampleRate;
    while (before + 2 < times.length && times[before + 1] <= time) before++;
    const span = times[before + 1] - times[before];
    const share = span > 0 ? Math.min(1, (time - times[before]) / span) : 1;
    for (let channel = 0; channel < channels; channel++) {
      const from = values[before * channels + channel];
      const to = values[(before + 1) * channels + channel];
      samples[sample * channels + channel] = from + share * (to - from);
    }
  }
  return samples;
}
