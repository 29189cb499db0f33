// How a person's cascade is trained: the recipe of the shipped one, from nothing, in as many steps as there is time for.
import type { FitSettings } from '../fit.ts';
import { NETWORK_NAMES, type NetworkName } from '../networks.ts';
import { NOTHING } from '../recipe.ts';

export interface OwnSettings {
  readonly fits: Readonly<Record<NetworkName, FitSettings>>;
  /** That ranges of activations are taken from. */
  readonly calibrationScenes: number;
  readonly validationScenes: { readonly positive: number; readonly negative: number };
}

/** Of the keyword network, and of the verifier; the first gate, which is small, takes more. */
export const STEPS = 1500;
const ACTIVITY_SHARE = 4 / 3;
export const SEED = 1;

export function settingsFor(steps: number): OwnSettings {
  // With few steps fewer scenes are seen: mixing them would take longer than learning.
  const scenes = (most: number): number => Math.max(24, Math.round(most * Math.min(1, steps / STEPS)));
  const common = {
    seed: SEED,
    start: 'nothing',
    batch: 256,
    poolScenes: scenes(1500),
    newScenes: scenes(500),
    refreshSteps: Math.ceil(steps / 5),
  } as const;
  return {
    fits: {
      activity: {
        ...common,
        steps: Math.ceil(steps * ACTIVITY_SHARE),
        refreshSteps: Math.ceil((steps * ACTIVITY_SHARE) / 4),
        learningRate: 3e-3,
        positives: 0.45,
        dropout: 0,
        without: new Set(['masks']),
      },
      keyword: { ...common, steps, learningRate: 2e-3, positives: 0.35, dropout: 0.1, without: NOTHING },
      verify: { ...common, steps, batch: 128, learningRate: 2e-3, positives: 0.35, dropout: 0.3, without: NOTHING },
    },
    calibrationScenes: scenes(256),
    validationScenes: { positive: scenes(400), negative: scenes(800) },
  };
}

/** Work of one step, in steps of the first gate: measured, with the native library on one core. */
const STEP_WORK: Readonly<Record<NetworkName, number>> = { activity: 1, keyword: 3, verify: 12 };
/** Work of measuring, in the same. */
const MEASURING = 1500;

/** How far along training is, and how long it will take. */
export class TimeLeft {
  private readonly fits: OwnSettings['fits'];
  private readonly now: () => number;
  private began: { readonly at: number; readonly done: number } | undefined;
  private done = 0;

  /** @param now milliseconds */
  constructor({ fits }: OwnSettings, now: () => number) {
    this.fits = fits;
    this.now = now;
  }

  /** So many steps of this network are done. */
  at(name: NetworkName, step: number): void {
    const before = NETWORK_NAMES.slice(0, NETWORK_NAMES.indexOf(name));
    this.done = before.reduce((sum, other) => sum + this.workOf(other), 0) + step * STEP_WORK[name];
    // What was done before this process began took none of its time.
    this.began ??= { at: this.now(), done: this.done };
  }

  inWords(): string {
    const share = `${((100 * this.done) / this.whole()).toFixed(0)} %`;
    const seconds = this.secondsLeft();
    if (seconds === undefined) return share;
    return `${share}, about ${seconds < 90 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`} left`;
  }

  /** Undefined until it can be told. */
  private secondsLeft(): number | undefined {
    if (!this.began || this.done - this.began.done < 0.02 * this.whole()) return undefined;
    const seconds = (this.now() - this.began.at) / 1000;
    return (seconds * (this.whole() - this.done)) / (this.done - this.began.done);
  }

  private workOf(name: NetworkName): number {
    return this.fits[name].steps * STEP_WORK[name];
  }

  private whole(): number {
    return NETWORK_NAMES.reduce((sum, name) => sum + this.workOf(name), 0) + MEASURING;
  }
}
