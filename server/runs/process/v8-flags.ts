// How V8 runs a simulation: options of a run's process.

export const V8_FLAGS: readonly string[] = [
  // Garbage is collected sooner than V8 would, which has all the machine in mind: a day then takes hardly more memory than an hour.
  '--max-semi-space-size=2',
  '--heap-growing-percent=30',
  // The path of an event is many small methods; that more of them are compiled into one was measured to save a tenth.
  '--max-inlined-bytecode-size-cumulative=3000',
];
