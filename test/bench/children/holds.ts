import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often the event loop's timer fires by which delays are measured, ms. Each includes it once. */
const resolution = 1;
/** Delays are measured from one firing to the next, so one must come before and one after, ms. */
const margin = 5;
const delays = monitorEventLoopDelay({ resolution });

export async function watchHolds(): Promise<void> {
  delays.reset();
  delays.enable();
  await sleep(margin);
}

/** The longest time since {@link watchHolds} in which the event loop did nothing else, ms. */
export async function longestHold(): Promise<number> {
  await sleep(margin);
  delays.disable();
  return Math.max(0, delays.max / 1e6 - resolution);
}
