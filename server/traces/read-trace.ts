// Reads a measured trace of current as a profiler exported it, line by line: a file of gigabytes takes no more memory than one of kilobytes.

import { createReadStream } from 'node:fs';
import { type Bins, FoldingBins } from './folding-bins.ts';
import { readNumber } from './read-number.ts';
import { parseHeader, type TraceHeader } from './trace-header.ts';

/** A trace that cannot be used; the message names file and line, and says what to do. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
}

export interface MeasuredTrace {
  readonly format: TraceHeader['format'];
  /** Watts. */
  readonly bins: Bins;
  readonly seconds: number;
  readonly samples: number;
  /** Stretches in which samples are missing. */
  readonly gaps: number;
}

/** Lines before the header that are looked at. */
const PREAMBLE = 40;
const SHORTEST_SECONDS = 1;
/** An interval between samples so many times the usual one is a gap. */
const GAP = 20;
const LEAST_GAP_SECONDS = 5e-3;

/**
 * @param volts what the device was supplied with; needed where the file has neither voltage nor power
 * @throws {TraceFileError}
 */
export async function readTrace(path: string, volts: number | null): Promise<MeasuredTrace> {
  const reader = new TraceReader(path, volts);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) reader.take(chunk);
  } catch (error) {
    if (error instanceof TraceFileError || !(error instanceof Error && 'code' in error)) throw error;
    throw new TraceFileError(
      error.code === 'ENOENT'
        ? `${path}: there is no such file; check the name, paths count from the current folder`
        : `${path}: cannot be read (${error.message})`,
    );
  }
  return reader.end();
}

/** The same for bytes as they come. */
export class TraceReader {
  private readonly path: string;
  private readonly volts: number | null;
  private readonly bins = new FoldingBins();
  private header: TraceHeader | null = null;
  private readonly columns: number[] = [];
  private readonly values: Float64Array = new Float64Array(4);
  private rest: Buffer = Buffer.alloc(0);
  private line = 0;
  private samples = 0;
  private gaps = 0;
  private first = 0;
  private time = 0;
  private watts = 0;
  private usual = 0;

  constructor(path: string, volts: number | null) {
    this.path = path;
    this.volts = volts;
  }

  take(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let from = 0;
    for (;;) {
      const to = bytes.indexOf(10, from);
      if (to < 0) break;
      this.takeLine(bytes, from, to);
      from = to + 1;
    }
    this.rest = bytes.subarray(from);
    if (this.rest.length > 1_000_000) this.refuse('a line is longer than 1 MB; this is no table of samples');
  }

  end(): MeasuredTrace {
    if (this.rest.length > 0) this.takeLine(this.rest, 0, this.rest.length);
    if (this.header === null) this.refuseHeader();
    if (this.samples === 0) this.refuse('there are no samples after the header; export the recording again');
    if (this.usual > 0) this.bins.add(this.time, this.time + this.usual, this.watts);
    const seconds = this.time + this.usual;
    if (seconds < SHORTEST_SECONDS)
      this.refuse(
        `the trace ends after ${seconds.toPrecision(3)} s; at least ${SHORTEST_SECONDS} s are needed (is the unit of time right?)`,
      );
    return {
      format: this.header?.format ?? 'columns with units',
      bins: this.bins.bins(this.usual),
      seconds,
      samples: this.samples,
      gaps: this.gaps,
    };
  }

  private takeLine(bytes: Buffer, from: number, end: number): void {
    this.line++;
    const to = end > from && bytes[end - 1] === 13 ? end - 1 : end;
    if (to === from) return;
    if (this.header === null) this.takeHeader(bytes.toString('utf8', from, Math.min(to, from + 4096)));
    else this.takeSample(bytes, from, to);
  }

  private takeHeader(text: string): void {
    const result = parseHeader(text.replace(/^\uFEFF/, '').trim());
    if (!result.ok) {
      if (result.header) this.refuse(result.problem);
      if (this.line >= PREAMBLE) this.refuseHeader();
      return;
    }
    const { header } = result;
    this.header = header;
    if (header.power === null && header.voltage === null && this.volts === null)
      this.refuse('the file has current alone; say what the device was supplied with, e.g. --voltage 3.0V');
    for (const column of [header.time, header.current, header.voltage, header.power])
      if (column !== null) this.columns[column.index] = column === header.time ? 0 : this.slotOf(column, header);
  }

  private slotOf(column: TraceHeader['time'], header: TraceHeader): number {
    return column === header.current ? 1 : column === header.voltage ? 2 : 3;
  }

  private takeSample(bytes: Buffer, from: number, to: number): void {
    const { header, values } = this;
    if (header === null || bytes[from] === 35) return;
    values.fill(Number.NaN);
    const delimiter = header.delimiter.charCodeAt(0);
    const decimalComma = header.delimiter !== ',';
    let cell = from;
    for (let column = 0; column < this.columns.length; column++) {
      let stop = bytes.indexOf(delimiter, cell);
      if (stop < 0 || stop > to) stop = to;
      const slot = this.columns[column];
      if (slot !== undefined) values[slot] = readNumber(bytes, cell, stop, decimalComma);
      if (stop === to) break;
      cell = stop + 1;
    }
    const { time, current, voltage, power } = header;
    const seconds = values[0] * time.scale;
    const watts =
      power !== null
        ? values[3] * power.scale
        : values[1] * (current?.scale ?? 1) * (voltage === null ? (this.volts ?? 0) : values[2] * voltage.scale);
    if (!Number.isFinite(seconds) || !Number.isFinite(watts)) {
      const text = bytes.toString('utf8', from, Math.min(to, from + 60));
      this.refuse(`"${text}" holds no number where time and current should be; remove the line, or export again`);
    }
    this.sample(seconds, watts);
  }

  private sample(seconds: number, watts: number): void {
    if (this.samples === 0) this.first = seconds;
    const time = seconds - this.first;
    const passed = time - this.time;
    if (passed < 0)
      this.refuse(
        `time goes back from ${(this.time + this.first).toPrecision(9)} s to ${seconds.toPrecision(9)} s; a trace is one recording, in order`,
      );
    if (this.samples > 0 && passed > 0) {
      const gap = this.usual > 0 && passed > Math.max(GAP * this.usual, LEAST_GAP_SECONDS);
      if (gap) this.gaps++;
      else this.usual += (passed - this.usual) / Math.min(this.samples, 1000);
      this.bins.add(this.time, gap ? this.time + this.usual : time, this.watts);
    }
    this.time = time;
    this.watts = watts;
    this.samples++;
  }

  private refuseHeader(): never {
    throw new TraceFileError(
      `${this.path}:1: there is no header that names time and current; expected are exports of nRF Connect Power Profiler ("Timestamp(ms),Current(uA),…"), Joulescope ("#time (s),current (A),voltage (V)"), or columns with units ("Time (s);Current (A)")`,
    );
  }

  private refuse(problem: string): never {
    throw new TraceFileError(`${this.path}:${Math.max(1, this.line)}: ${problem}`);
  }
}
