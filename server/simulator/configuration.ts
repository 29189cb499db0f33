// Where all components of a device stand, taken out of its state as plain values that are equal whenever it will go on in the same way: times
// count from now, windows from the next one, and what is only counted is left out. A field that this file does not know is taken as it is:
// at worst two configurations that could count as equal do not.

type Scalar = number | string | boolean | null;

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
  'supply.battery': 'apart',
  'cores.held': 'window',
  'cores.partSince': 'time',
  'cores.transitionSince': 'time',
  'cores.transitions': 'count',
  'cores.entries': 'count',
  'cores.exits': 'count',
  'cores.jobs': 'count',
  'cores.loads': 'count',
  'cores.received': 'count',
  'cores.boots': 'count',
  'links.moved': 'count',
  'links.wakes': 'count',
  'actuators.starts': 'count',
  windows: 'apart',
  scores: 'apart',
  judge: 'apart',
  'simulator.nextWindow': 'apart',
  'simulator.holdUntil': 'time',
  'simulator.counts': 'count',
  'simulator.inEvent': 'apart',
  'simulator.brownOuts': 'count',
  'simulator.triggersDropped': 'count',
  'simulator.policyChanges': 'count',
  'simulator.outcomes': 'apart',
};

export interface Configuration {
  /** Equal for equal configurations. */
  readonly key: string;
  readonly values: readonly Scalar[];
}

/** One array, or one field of an object. */
type Leaf =
  | { readonly kind: Kind; readonly array: Float64Array }
  | { readonly kind: Kind; readonly object: object; readonly field: string };

export class Configurations {
  private readonly leaves: readonly Leaf[];
  private readonly counted: readonly Leaf[];

  /** @param states of a simulator, whose objects and typed arrays stay the same ones */
  constructor(states: object) {
    const leaves = [...leavesOf(states, '', 'same')];
    this.leaves = leaves.filter(({ kind }) => kind !== 'count' && kind !== 'apart');
    this.counted = leaves.filter(({ kind }) => kind === 'count');
  }

  /** Null when some part is of a kind that cannot be taken. */
  read(now: number, nextWindow: number): Configuration | null {
    const values: Scalar[] = [];
    for (const leaf of this.leaves) {
      const { kind } = leaf;
      if (kind === 'now') continue;
      if ('array' in leaf) {
        for (const value of leaf.array) values.push(relative(kind, value, now, nextWindow));
        continue;
      }
      const value: unknown = Reflect.get(leaf.object, leaf.field);
      if (typeof value === 'number') values.push(relative(kind, value, now, nextWindow));
      else if (isScalar(value)) values.push(value);
      // Lists (what waits at a link) are empty at rest.
      else if (!(Array.isArray(value) && value.length === 0)) return null;
    }
    return { key: values.join(), values };
  }

  /** Puts the components there. */
  write({ values }: Configuration, now: number, nextWindow: number): void {
    let place = 0;
    for (const leaf of this.leaves) {
      const { kind } = leaf;
      if ('array' in leaf) {
        for (let index = 0; index < leaf.array.length; index++)
          leaf.array[index] = kind === 'now' ? now : absolute(kind, Number(values[place++]), now, nextWindow);
        continue;
      }
      const current: unknown = Reflect.get(leaf.object, leaf.field);
      if (Array.isArray(current)) continue;
      const value = kind === 'now' ? now : values[place++];
      Reflect.set(leaf.object, leaf.field, typeof value === 'number' ? absolute(kind, value, now, nextWindow) : value);
    }
  }

  /** All that is only counted, in one vector. */
  counts(): Float64Array {
    const counts: number[] = [];
    for (const leaf of this.counted) {
      if ('array' in leaf) counts.push(...leaf.array);
      else counts.push(Number(Reflect.get(leaf.object, leaf.field)));
    }
    return Float64Array.from(counts);
  }

  setCounts(counts: Float64Array): void {
    let place = 0;
    for (const leaf of this.counted) {
      if ('array' in leaf) for (let index = 0; index < leaf.array.length; index++) leaf.array[index] = counts[place++];
      else Reflect.set(leaf.object, leaf.field, counts[place++]);
    }
  }
}

function* leavesOf(value: object, place: string, kind: Kind): Generator<Leaf> {
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

const isScalar = (value: unknown): value is Scalar =>
  value === null || ['number', 'string', 'boolean'].includes(typeof value);

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
