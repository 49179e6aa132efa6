import { performance } from 'node:perf_hooks';

/** What a process has done so far. */
export interface Effort {
  /** Processor time of all its threads, ms. */
  processor: number;
  /** Of its main thread's time, ms: what it was busy, and what it waited for something to do. */
  busy: number;
  idle: number;
}

export function effort(): Effort {
  const { user, system } = process.cpuUsage();
  const { active, idle } = performance.eventLoopUtilization();
  return { processor: (user + system) / 1000, busy: active, idle };
}
