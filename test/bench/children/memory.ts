import { readFileSync } from 'node:fs';

/** The peak memory of this process, in bytes. */
export function mostMemory(): number {
  try {
    // The other figure, maxRSS, starts with the parent's memory at the time of the fork.
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
