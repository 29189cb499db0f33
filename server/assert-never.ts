/** Makes the compiler refuse a switch that forgets a case. */
export function assertNever(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
