import { workOut } from '../../server/answering.ts';
import { builtWidgets } from '../../server/commands/start-server.ts';
import { readFiles } from '../../server/embed/files.ts';
import { questions } from '../../server/routes/questions.ts';
import { Rankings } from '../../server/store/rankings.ts';
import { type Readers, ReaderThreads } from '../../server/threads/readers.ts';

export const files = readFiles(builtWidgets());

/** The threads that answer the questions of all servers of a test file, as starting some takes long. */
export const readerThreads = new ReaderThreads(files);

const rankings = new Rankings();

/** Answers on the thread of the test, which can then see the statements that are run. */
export const readersHere: Readers = {
  ask: (database, asked) => {
    const definition = questions.find(({ name }) => name === asked.route)!;
    return workOut(definition, asked, { database, rankings, files });
  },
};
