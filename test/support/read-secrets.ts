import path from 'node:path';
import { readSecret } from '../../server/commands/secret.ts';

/** A process that reads the secrets of 100 databases, each at the same instant as other such processes. */
const [folder, start] = process.argv.slice(2);
for (let database = 0; database < 100; database++) {
  while (Date.now() < Number(start) + 15 * database);
  console.log(readSecret(path.join(folder!, `${database}.db`)));
}
