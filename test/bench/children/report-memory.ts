import { writeFileSync } from 'node:fs';
import { mostMemory } from './memory.ts';

// Loaded before a command, to write down how much memory its process took at most.
process.on('exit', () => {
  writeFileSync(process.env.PROPTALLY_BENCH_MEMORY!, String(mostMemory()));
});
