import { setTimeout as sleep } from 'node:timers/promises';
import { Quota } from '../../server/access/quota.ts';
import { openDatabase } from '../../server/store/database.ts';

/** A process that counts 400 requests against a key's quota, and prints how many were admitted. */
const [file, partnerId, keyId, limit, now] = process.argv.slice(2);
const database = await openDatabase(file!);
const quota = new Quota(database);
let admitted = 0;
// All such processes start on the same second, so that they race.
await sleep(2_000 - (Date.now() % 1_000));
for (let asked = 0; asked < 400; asked++) {
  if ((await quota.admit(partnerId!, keyId!, Number(limit), Number(now))).admitted) admitted++;
}
await database.close();
console.log(admitted);
