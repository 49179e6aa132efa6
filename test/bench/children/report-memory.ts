import { writeFileSync } from 'node:fs';
import { mostMemory } from './memory.ts';

// Loaded before a command, to write the peak memory of its process to a file.
process.on('exit', () => {
  writeFileSync(process.env.PROPTALLY_BENCH_MEMORY!, String(mostMemory()));
});
