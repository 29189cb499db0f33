// Where all components of a device stand, taken out of its state as plain values that are equal whenever it will go on in the same way: times
// count from now, windows from the next one, and what is only counted is left out. A field that this file does not know is taken as it is:
// at worst two configurations that could count as equal do not.

import type { InFlight } from './in-flight.ts';

/** How a part of the state is taken: `same` as it is, `time` from now on, `window` from the next window on, `now` as this very moment;
 * `count` apart, as what only grows; `apart` not at all, since somebody else sees to it. */
type Kind = 'same' | 'time' | 'window' | 'now' | 'count' | 'apart';

/** By place in a simulator's `states`; what lies below a place is as it. */
const KINDS: Readonly<Record<string, Kind>> = {
  'alarms.now': 'now',
  'alarms.due': 'time',
  'ledger.since': 'now',
  'ledger.spent': 'count',
  'ledger.loads.levels': 'apart',
  'supply.since': 'now',
  'supply.spent': 'apart',
  'supply.owed': 'apart',
  'supply.owedBy': 'apart',
  'supply.owing': 'apart',
  'supply.calmPower': 'apart',
  'supply.briskPower': 'apart',
  'supply.patience': 'apart',
  'supply.battery': 'apart',
  'supply.hour': 'apart',
  'supply.hourUntil': 'apart',
  'supply.charging': 'apart',
  'supply.fromCharger': 'apart',
  'supply.charged': 'apart',
  'cores.queue': 'apart',
  'cores.held': 'window',
  'cores.partSince': 'time',
  'cores.transitionSince': 'time',
  'cores.entries': 'count',
  'cores.exits': 'count',
  'cores.jobs': 'count',
  'cores.loads': 'count',
  'cores.received': 'count',
  'cores.boots': 'count',
  'links.waiting': 'apart',
  'links.bytes': 'apart',
  'links.moved': 'count',
  'links.wakes': 'count',
  'links.stalledUntil': 'time',
  'actuators.starts': 'count',
  windows: 'apart',
  scores: 'apart',
  judge: 'apart',
  'simulator.nextWindow': 'apart',
  'simulator.holdUntil': 'time',
  'simulator.heardUntil': 'time',
  'simulator.unheard': 'count',
  'simulator.counts': 'count',
  'simulator.inEvent': 'apart',
  'simulator.brownOuts': 'count',
  'simulator.triggersDropped': 'count',
  'simulator.policyChanges': 'count',
  'simulator.outcomes': 'apart',
};

export interface Configuration {
  readonly values: Float64Array;
}

type Fields = Record<string, unknown>;

/** One array, or one field of an object: a number, a truth or a list. */
type Leaf =
  | { readonly kind: Kind; readonly array: Float64Array }
  | { readonly kind: Kind; readonly object: Fields; readonly field: string };

const MARK_BITS = 14;

export class Configurations<Found extends Configuration> {
  private readonly leaves: readonly Leaf[];
  private readonly counted: readonly Leaf[];
  private readonly nows: readonly Leaf[];
  private readonly values: Float64Array;
  private readonly numberOfCounts: number;
  private readonly found = new Map<number, Found[]>();
  /** Hashes of what was met once. Most is met no second time: a long job's phase against the sensor is one of many. */
  private readonly met = new Int32Array(2 ** MARK_BITS);
  private readonly inFlight: InFlight;
  private readonly make: (configuration: Configuration) => Found;
  private numberFound = 0;
  /** How many of the values say something since they were last read. */
  private length = 0;

  /**
   * @param states of a simulator, whose objects and typed arrays stay the same ones
   * @param inFlight what is under way in it
   * @param make what to keep of a configuration that was not met before
   */
  constructor(states: object, inFlight: InFlight, make: (configuration: Configuration) => Found) {
    const leaves = [...leavesOf(states, '', 'same')];
    this.leaves = leaves.filter(({ kind }) => kind !== 'count' && kind !== 'apart' && kind !== 'now');
    this.counted = leaves.filter(({ kind }) => kind === 'count');
    this.inFlight = inFlight;
    this.values = new Float64Array(sizeOf(this.leaves) + inFlight.most);
    this.numberOfCounts = sizeOf(this.counted);
    this.nows = leaves.filter(({ kind }) => kind === 'now');
    this.make = make;
  }

  /** What was kept of the configuration of this moment; null the first time it is met, and when some part is of a kind that cannot be taken. */
  find(now: number, nextWindow: number, most: number): Found | null {
    if (!this.read(now, nextWindow)) return null;
    const hash = this.hash();
    const alike = this.found.get(hash);
    const known = alike?.find(({ values }) => equal(values, this.values, this.length));
    if (known !== undefined) return known;
    const mark = hash >>> (32 - MARK_BITS);
    if (this.met[mark] !== hash) {
      this.met[mark] = hash;
      return null;
    }
    if (this.numberFound >= most) {
      this.found.clear();
      this.numberFound = 0;
    }
    this.numberFound++;
    const added = this.make({ values: this.values.slice(0, this.length) });
    this.found.set(hash, [...(this.found.get(hash) ?? []), added]);
    return added;
  }

  /** Puts the components there. */
  write({ values }: Configuration, now: number, nextWindow: number): void {
    let place = 0;
    for (const leaf of this.leaves) {
      const { kind } = leaf;
      if ('array' in leaf) {
        const { array } = leaf;
        for (let index = 0; index < array.length; index++)
          array[index] = absolute(kind, values[place++], now, nextWindow);
        continue;
      }
      const value = absolute(kind, values[place++], now, nextWindow);
      const current: unknown = leaf.object[leaf.field];
      if (typeof current === 'number') leaf.object[leaf.field] = value;
      else if (typeof current === 'boolean') leaf.object[leaf.field] = value === 1;
    }
    this.inFlight.write(values, place, now, nextWindow);
    for (const leaf of this.nows) {
      if ('array' in leaf) leaf.array.fill(now);
      else leaf.object[leaf.field] = now;
    }
  }

  /** All that is only counted, in one vector. @param counts to write it into */
  counts(counts: Float64Array = new Float64Array(this.numberOfCounts)): Float64Array {
    let place = 0;
    for (const leaf of this.counted) {
      if ('array' in leaf) for (let index = 0; index < leaf.array.length; index++) counts[place++] = leaf.array[index];
      else counts[place++] = Number(leaf.object[leaf.field]);
    }
    return counts;
  }

  setCounts(counts: Float64Array): void {
    let place = 0;
    for (const leaf of this.counted) {
      if ('array' in leaf) for (let index = 0; index < leaf.array.length; index++) leaf.array[index] = counts[place++];
      else leaf.object[leaf.field] = counts[place++];
    }
  }

  private read(now: number, nextWindow: number): boolean {
    const { values } = this;
    let place = 0;
    for (const leaf of this.leaves) {
      const { kind } = leaf;
      if ('array' in leaf) {
        const { array } = leaf;
        for (let index = 0; index < array.length; index++)
          values[place++] = relative(kind, array[index], now, nextWindow);
        continue;
      }
      const value: unknown = leaf.object[leaf.field];
      if (typeof value === 'number') values[place++] = relative(kind, value, now, nextWindow);
      else if (typeof value === 'boolean') values[place++] = value ? 1 : 0;
      else if (value === null || (Array.isArray(value) && value.length === 0)) values[place++] = 0;
      else return false;
    }
    this.length = this.inFlight.read(values, place, now, nextWindow);
    return this.length >= 0;
  }

  /** Of the values' low bits, which is where they differ. */
  private hash(): number {
    const { length, values } = this;
    let hash = 0;
    for (let place = 0; place < length; place++) hash = Math.imul(hash ^ (values[place] | 0), 0x01000193);
    return hash;
  }
}

/** @param length of the other */
function equal(one: Float64Array, other: Float64Array, length: number): boolean {
  if (one.length !== length) return false;
  for (let index = 0; index < length; index++) if (one[index] !== other[index]) return false;
  return true;
}

const sizeOf = (leaves: readonly Leaf[]): number =>
  leaves.reduce((sum, leaf) => sum + ('array' in leaf ? leaf.array.length : 1), 0);

function* leavesOf(value: object, place: string, kind: Kind): Generator<Leaf> {
  if (!isFields(value)) return;
  for (const [field, part] of Object.entries(value)) {
    // The index of a component says nothing of what it is.
    const name = Array.isArray(value) ? place : place === '' ? field : `${place}.${field}`;
    const own = KINDS[name] ?? kind;
    if (own === 'apart') continue;
    if (ArrayBuffer.isView(part)) yield { kind: own, array: part as Float64Array };
    else if (typeof part === 'object' && part !== null && !(Array.isArray(part) && part.length === 0))
      yield* leavesOf(part, name, own);
    else yield { kind: own, object: value, field };
  }
}

const isFields = (value: object): value is Fields => typeof value === 'object';

/** Windows held lie before the next one, so that a place after it is free for none (-1). */
const NO_WINDOW = 1;

function relative(kind: Kind, value: number, now: number, nextWindow: number): number {
  if (kind === 'time') return value - now;
  if (kind === 'window') return value < 0 ? NO_WINDOW : value - nextWindow;
  return value;
}

function absolute(kind: Kind, value: number, now: number, nextWindow: number): number {
  if (kind === 'time') return value + now;
  if (kind === 'window') return value === NO_WINDOW ? -1 : value + nextWindow;
  return value;
}
