import { performance } from 'node:perf_hooks';

/** The time that a process has spent so far. */
export interface Effort {
  /** Processor time of all its threads, ms. */
  processor: number;
  /** How long its main thread was busy, and how long it waited for work, ms. */
  busy: number;
  idle: number;
}

export function effort(): Effort {
  const { user, system } = process.cpuUsage();
  const { active, idle } = performance.eventLoopUtilization();
  return { processor: (user + system) / 1000, busy: active, idle };
}
