import { writeLog } from '../../server/commands/log.ts';
import { outliveReaders } from '../../server/commands/output.ts';

// A process that logs as a server does, as many entries as its parent requests by a message.
outliveReaders();
process.on('message', async (count: number) => {
  for (let written = 0; written < count; written++) {
    writeLog({ problem: `${written} ${'x'.repeat(1_000)}` });
    if (written % 100 === 0) await new Promise(setImmediate);
  }
  process.send!({ waiting: process.stderr.writableLength });
});
process.send!('ready');
