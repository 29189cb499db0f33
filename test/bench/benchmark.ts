// What a benchmark is: one file of this folder, named in main.ts.

export interface BenchOptions {
  /** Length of the simulated day. */
  readonly hours: number;
  /** What benchmarks that ran before have found, by name; later ones compare themselves with them in the same run. */
  readonly found: Readonly<Record<string, BenchResult>>;
}

export interface BenchResult {
  /** Printed as they are. */
  readonly lines: readonly string[];
  /** Goes into the JSON file. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** Core-seconds for an hour of simulated time, where that is what was measured. */
  readonly coreSecondsPerHour?: number;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly run: (options: BenchOptions) => Promise<BenchResult>;
}

/** A table's row: a name, seconds and their share. */
export const row = (name: string, seconds: number, all: number): string =>
  `  ${name.padEnd(22)} ${seconds.toFixed(2).padStart(9)} s ${((100 * seconds) / all).toFixed(1).padStart(6)} %`;
