// Every figure of a profile with its place, and the same profile with one of them moved.

import type { Figure } from './schema.ts';

export interface PlacedFigure {
  /** For people: items of a list by their name, "cores.dsp.boot.power". */
  readonly path: string;
  /** Keys and indices from the profile's root. */
  readonly place: ReadonlyArray<string | number>;
  readonly figure: Figure;
}

/** In the order of the profile. */
export function figuresOf(profile: unknown): readonly PlacedFigure[] {
  const found: PlacedFigure[] = [];
  const visit = (value: unknown, path: string, place: ReadonlyArray<string | number>): void => {
    if (Array.isArray(value))
      value.forEach((item: unknown, index) => {
        visit(item, `${path}.${itemName(item, index)}`, [...place, index]);
      });
    else if (isFigure(value)) found.push({ path: path.slice(1), place, figure: value });
    else if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`, [...place, key]);
  };
  visit(profile, '', []);
  return found;
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
