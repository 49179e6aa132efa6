import { readFileSync } from 'node:fs';

/** The most that this process had in memory, in bytes. */
export function mostMemory(): number {
  try {
    // The system's other figure starts from what the parent had when it made this process.
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
