// How V8 keeps the numbers of a state that changes at every event.

/**
 * Lays number fields out for any number from the start. V8 does so for what a field first holds: a time that begins at 0 is kept as a small
 * integer, and when it outgrows that, the objects that have it change their layout, and code that meets both is slower by a tenth for good.
 */
export function wideFields<State extends Record<Field, number>, Field extends string>(
  state: State,
  ...fields: readonly Field[]
): State {
  for (const field of fields) {
    const value = state[field];
    Reflect.set(state, field, Number.NaN);
    Reflect.set(state, field, value);
  }
  return state;
}

/** The same for a list that will grow: what it holds first would make it one of small integers. */
export function wideList(): number[] {
  const list = [Number.NaN];
  list.pop();
  return list;
}
