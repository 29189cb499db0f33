// AssemblyScript.

/** First byte of memory that this module does not use itself. */
export function memoryBase(): usize {
  return (__heap_base + 15) & ~15;
}
