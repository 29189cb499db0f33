// Every figure of a profile with its place, and the same profile with one of them moved.

import type { Confidence, Figure } from './schema.ts';

export interface PlacedFigure {
  /** For people: items of a list by their name, "cores.dsp.boot.power". */
  readonly path: string;
  /** Keys and indices from the profile's root. */
  readonly place: ReadonlyArray<string | number>;
  readonly figure: Figure;
}

/** A curve, or values that have one source together. */
export interface PlacedTable {
  readonly path: string;
  readonly table: {
    readonly source: string;
    readonly confidence: Confidence;
    readonly points?: readonly unknown[];
  };
}

/** In the order of the profile. */
export function figuresOf(profile: unknown): readonly PlacedFigure[] {
  const found: PlacedFigure[] = [];
  walk(profile, '', [], (part, path, place) => {
    if (!isFigure(part)) return false;
    found.push({ path, place, figure: part });
    return true;
  });
  return found;
}

/** What has a source and is not one figure: curves, ratios, an aged cell; in the order of the profile. */
export function tablesOf(profile: unknown): readonly PlacedTable[] {
  const found: PlacedTable[] = [];
  walk(profile, '', [], (part, path) => {
    if (isFigure(part)) return true;
    if (isTable(part)) found.push({ path, table: part });
    return false;
  });
  return found;
}

/** Visits all parts, items of a list by their name; not what is within one for which `visit` says so. */
function walk(
  value: unknown,
  path: string,
  place: ReadonlyArray<string | number>,
  visit: (part: object, path: string, place: ReadonlyArray<string | number>) => boolean,
): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      walk(item, `${path}.${itemName(item, index)}`, [...place, index], visit);
    });
    return;
  }
  if (visit(value, path.slice(1), place)) return;
  for (const [key, part] of Object.entries(value)) walk(part, `${path}.${key}`, [...place, key], visit);
}

/** A copy in which the figure at `place` has another value, in SI. */
export function withFigure<T>(profile: T, place: ReadonlyArray<string | number>, value: number): T {
  const copy = structuredClone(profile);
  setFigure(copy, place, value);
  return copy;
}

/** Gives the figure at `place` another value, in SI: for copies. */
export function setFigure(profile: unknown, place: ReadonlyArray<string | number>, value: number): void {
  let part: unknown = profile;
  for (const key of place) part = typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined;
  if (!isFigure(part)) throw new RangeError(`there is no figure at ${place.join('.')}`);
  Object.assign(part, { value });
}

const itemName = (item: unknown, index: number): string =>
  typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : String(index);

const isFigure = (value: unknown): value is Figure =>
  typeof value === 'object' && value !== null && 'text' in value && 'source' in value && 'confidence' in value;

const isTable = (value: object): value is PlacedTable['table'] =>
  'source' in value && 'confidence' in value && !('text' in value);
