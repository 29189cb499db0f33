// How long the calling thread has computed.

/**
 * Seconds of a thread's own processor time where Node can tell (from 23.9 on), otherwise seconds on the clock, which are the same as long as there
 * is a core for every thread. Only differences mean anything.
 */
export function threadSeconds(): number {
  const usage = processorTime?.();
  return usage === undefined ? performance.now() / 1e3 : (usage.user + usage.system) / 1e6;
}

type ProcessorTime = () => { readonly user: number; readonly system: number };
const processorTime: ProcessorTime | undefined =
  'threadCpuUsage' in process && typeof process.threadCpuUsage === 'function'
    ? (process.threadCpuUsage.bind(process) as ProcessorTime)
    : undefined;
