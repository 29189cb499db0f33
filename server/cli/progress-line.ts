// One line that says how far a run is, rewritten in place on a terminal and silent elsewhere.

import { span } from '../format.ts';
import type { Frame } from '../runs/views.ts';

export class ProgressLine {
  private readonly stream: NodeJS.WriteStream;
  private readonly began = performance.now();
  private shown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  /** @param durationSeconds of the whole run */
  show(frame: Frame, durationSeconds: number): void {
    const wall = (performance.now() - this.began) / 1e3;
    const { simulatedSeconds, battery } = frame;
    const left =
      simulatedSeconds > 0 ? `${span((wall * (durationSeconds - simulatedSeconds)) / simulatedSeconds)} left` : '';
    this.say(
      `${bar(simulatedSeconds / durationSeconds)} ${clockTime(simulatedSeconds)} of ${clockTime(durationSeconds)} · ${Math.round(frame.speed)}x · battery ${(battery.soc * 100).toFixed(2)} % · ${left}`,
    );
  }

  /** @param share of the step that is done */
  step(what: string, share: number): void {
    this.say(`${bar(share)} ${what}`);
  }

  /** Replaces the line. */
  say(text: string): void {
    if (!this.stream.isTTY) return;
    this.stream.write(`\r\u001b[2K${text.slice(0, this.stream.columns - 1)}`);
    this.shown = true;
  }

  /** A line that stays. */
  note(text: string): void {
    this.clear();
    this.stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[2K');
    this.shown = false;
  }
}

const bar = (share: number): string => {
  const full = Math.round(24 * Math.min(1, share));
  return `${'█'.repeat(full)}${'░'.repeat(24 - full)}`;
};

export const clockTime = (seconds: number): string => {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  return `${days > 0 ? `${days} d ` : ''}${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
};
