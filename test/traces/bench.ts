// A bench: what a power profiler would record of a pocket assistant that hears a given stream. Written apart from the simulator and without
// its code: plain arithmetic over a list of windows, for one device with three cores in a row. What the instrument and the board do beyond
// the profile (gain, floor, clock, noise, spikes, uneven sampling) is in it, and nothing tells the comparison about it. SYNTHETIC: no device
// was measured.

interface RestState {
  readonly watts: number;
  readonly enter: readonly [seconds: number, watts: number];
  readonly leave: readonly [seconds: number, watts: number];
}

export interface BenchCore {
  readonly active: number;
  /** Draws this while bytes come. */
  readonly waiting: number;
  readonly shallow: RestState;
  /** Entered when nothing came for `patience` seconds. */
  readonly deep: (RestState & { readonly patience: number }) | null;
}

export interface BenchDevice {
  readonly hop: number;
  readonly dsp: BenchCore;
  readonly mcu: BenchCore;
  readonly app: BenchCore;
  /** Seconds of work on one window, by stage. */
  readonly work: readonly [number, number, number];
  readonly windowBytes: readonly [number, number];
  readonly hopBytes: number;
  readonly bytesPerSecond: number;
  readonly linkDelay: readonly [number, number];
  readonly linkWatts: number;
  readonly preRollBytes: number;
  /** Of the assistant, and of the radio, after a detection. */
  readonly answer: number;
  readonly radio: { readonly idle: number; readonly active: number; readonly seconds: number };
  readonly hold: number;
  /** Always there, on the first rail. */
  readonly steady: number;
  readonly regulators: ReadonlyArray<{
    readonly quiescent: number;
    readonly curve: ReadonlyArray<readonly [number, number]>;
  }>;
}

/** Windows (by number) that pass each of the three gates. */
export type Passing = readonly [ReadonlySet<number>, ReadonlySet<number>, ReadonlySet<number>];

/** From, to, watts. */
type Part = readonly [number, number, number];

class Timeline {
  readonly parts: Part[] = [];
  readonly wakes: number[] = [];
  time = 0;
  private readonly core: BenchCore;

  constructor(core: BenchCore) {
    this.core = core;
  }

  spend(seconds: number, watts: number): void {
    if (seconds > 0) this.parts.push([this.time, this.time + seconds, watts]);
    this.time += seconds;
  }

  /** Rests until work arrives, and wakes for it. @param kept seconds until which it may not sleep deep */
  rest(until: number, kept: number): void {
    const { shallow, deep } = this.core;
    let state: RestState = shallow;
    this.spend(...shallow.enter);
    if (until > this.time) {
      const deepFrom = deep === null ? Number.POSITIVE_INFINITY : Math.max(this.time + deep.patience, kept);
      this.spend(Math.min(until, deepFrom) - this.time, shallow.watts);
      if (deep !== null && until > deepFrom) {
        state = deep;
        this.spend(...deep.enter);
        this.spend(Math.max(0, until - this.time), deep.watts);
      }
    }
    if (Number.isFinite(until)) {
      this.wakes.push(this.time);
      this.spend(...state.leave);
    }
  }
}

/** Watts at the battery over time: when it changes and to what, and when a core woke. */
export function benchPower(
  device: BenchDevice,
  passing: Passing,
  seconds: number,
): { readonly times: number[]; readonly watts: number[]; readonly wakes: readonly number[] } {
  const { dsp, mcu, app, work, hop, linkWatts, bytesPerSecond } = device;
  const hears = new Timeline(dsp);
  const spots = new Timeline(mcu);
  const acts = new Timeline(app);
  const always: Part[] = [[0, seconds, device.steady + device.radio.idle]];
  const extra: Part[] = [];
  let mcuHeld = Number.NEGATIVE_INFINITY;
  let appHeld = Number.NEGATIVE_INFINITY;
  let mcuKept = 0;
  let passedAt = Number.POSITIVE_INFINITY;
  const held = (time: number) => time >= passedAt && time < passedAt + device.hold;
  const answers: number[] = [];
  const send = (to: Timeline, core: BenchCore, bytes: number, delay: number) => {
    const span = delay + bytes / bytesPerSecond;
    extra.push([to.time, to.time + span, linkWatts]);
    to.spend(span, core.waiting);
  };
  const ready = (line: Timeline, arrival: number, kept = 0) => {
    if (arrival > line.time) line.rest(arrival, kept);
  };
  const answer = () => {
    const since = answers.shift();
    if (since === undefined) return;
    ready(acts, since);
    send(acts, app, device.preRollBytes, device.linkDelay[1]);
    acts.spend(device.answer, app.active);
  };
  for (let window = 0; (window + 1) * hop < seconds; window++) {
    ready(hears, (window + 1) * hop);
    hears.spend(work[0], dsp.active);
    if (!passing[0].has(window)) continue;

    ready(spots, hears.time, mcuKept);
    send(spots, mcu, Math.min(device.windowBytes[0], (window - mcuHeld) * device.hopBytes), device.linkDelay[0]);
    mcuHeld = window;
    spots.spend(work[1], mcu.active);
    if (!passing[1].has(window) || held(spots.time)) continue;

    // An answer that was asked for before this window came goes first.
    if (answers.length > 0 && answers[0] <= spots.time) answer();
    ready(acts, spots.time);
    send(acts, app, Math.min(device.windowBytes[1], (window - appHeld) * device.hopBytes), device.linkDelay[1]);
    mcuKept = acts.time;
    appHeld = window;
    acts.spend(work[2], app.active);
    if (!passing[2].has(window) || held(acts.time)) continue;
    passedAt = acts.time;
    answers.push(acts.time);
    always.push([acts.time, acts.time + device.radio.seconds, device.radio.active - device.radio.idle]);
  }
  while (answers.length > 0) answer();
  spots.rest(Number.POSITIVE_INFINITY, mcuKept);
  acts.rest(Number.POSITIVE_INFINITY, 0);
  hears.rest(seconds, 0);
  const first = [...always, ...extra, ...hears.parts, ...spots.parts];
  return {
    ...sum([first, acts.parts], seconds, device.regulators),
    wakes: [...spots.wakes, ...acts.wakes],
  };
}

function sum(
  rails: ReadonlyArray<readonly Part[]>,
  seconds: number,
  regulators: BenchDevice['regulators'],
): { readonly times: number[]; readonly watts: number[] } {
  const changes = rails
    .flatMap((parts, rail) =>
      parts.flatMap(([from, to, watts]) => [
        { time: from, rail, watts },
        { time: Math.min(to, seconds), rail, watts: -watts },
      ]),
    )
    .filter(({ time }) => time < seconds)
    .sort((a, b) => a.time - b.time);
  const loads = rails.map(() => 0);
  const times: number[] = [];
  const watts: number[] = [];
  changes.forEach(({ time, rail, watts: change }, at) => {
    loads[rail] += change;
    if (changes[at + 1]?.time === time) return;
    times.push(time);
    watts.push(loads.reduce((total, load, each) => total + taken(regulators[each], Math.max(0, load)), 0));
  });
  times.push(seconds);
  return { times, watts };
}

function taken({ quiescent, curve }: BenchDevice['regulators'][number], load: number): number {
  if (load < 1e-12) return quiescent;
  const above = curve.findIndex(([point]) => point >= load);
  const [first, last] = [curve[0], curve[curve.length - 1]];
  if (above <= 0) return quiescent + load / (above === 0 ? first[1] : last[1]);
  const [[x0, y0], [x1, y1]] = [curve[above - 1], curve[above]];
  return quiescent + load / (y0 + ((y1 - y0) * Math.log(load / x0)) / Math.log(x1 / x0));
}

export interface Instrument {
  readonly samplesPerSecond: number;
  /** Of a reading, beyond one. */
  readonly gain: number;
  /** Watts that the board draws beside the device. */
  readonly floor: number;
  /** Its clock against the device's: 1e-4 is 100 ppm fast. */
  readonly drift: number;
  /** It begins so long after the device. */
  readonly begins: number;
  /** Of a sample: a share of the reading, and watts. */
  readonly noise: readonly [share: number, watts: number];
  /** A wake charges something: watts for 30 µs. */
  readonly spike: number;
  /** Of an interval between samples. */
  readonly jitter: number;
  readonly volts: number;
}

/** Samples of current as the instrument would give them: seconds by its own clock, amperes. */
export function* record(
  power: ReturnType<typeof benchPower>,
  instrument: Instrument,
  random: () => number,
): Generator<readonly [seconds: number, amperes: number]> {
  const { times, watts } = power;
  const wakes = [...power.wakes].sort((a, b) => a - b);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const interval = 1 / instrument.samplesPerSecond;
  const end = times[times.length - 1];
  let at = 0;
  let wake = 0;
  for (let sample = 0; ; sample++) {
    const own = (sample + instrument.jitter * (random() - 0.5)) * interval;
    const from = instrument.begins + own / (1 + instrument.drift);
    const to = from + interval / (1 + instrument.drift);
    if (to > end) return;
    while (times[at + 1] <= from) at++;
    let energy = 0;
    for (let part = at, since = from; since < to; part++) {
      const until = Math.min(to, times[part + 1]);
      energy += (until - since) * watts[part];
      since = until;
    }
    while (wake < wakes.length && wakes[wake] + 30e-6 < from) wake++;
    if (wake < wakes.length && wakes[wake] < to)
      energy += instrument.spike * Math.max(0, Math.min(to, wakes[wake] + 30e-6) - Math.max(from, wakes[wake]));
    const mean = energy / (to - from) + instrument.floor;
    const read = mean * (1 + instrument.gain) * (1 + instrument.noise[0] * normal()) + instrument.noise[1] * normal();
    yield [Math.max(0, own), read / instrument.volts];
  }
}
