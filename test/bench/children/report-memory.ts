import { readFileSync, writeFileSync } from 'node:fs';

// Loaded before a command, to write down how much memory its process took at most.
process.on('exit', () => {
  writeFileSync(process.env.PROPTALLY_BENCH_MEMORY!, String(mostMemory()));
});

/** In bytes. */
function mostMemory(): number {
  try {
    // The system's other figure starts from what the parent had when it made this process.
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
