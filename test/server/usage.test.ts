import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Usage } from '../../server/access/usage.ts';
import { openDatabase } from '../../server/store/database.ts';
import { openTestDatabase } from '../support/database.ts';
import { makePartner } from '../support/partner.ts';
import { testNow } from '../support/server.ts';

test('what was counted for many keys is written once, in steps, though writing fails in the middle', async (t) => {
  const database = await openTestDatabase(t);
  const { id } = await makePartner(database);
  const { id: key } = await database.read.selectFrom('keys').select('id').executeTakeFirstOrThrow();
  const usage = new Usage(database);
  const count = (keyId: string, endpoint: string, at: number) =>
    usage.count({
      ...{ partnerId: id, keyId, endpoint, method: 'GET', status: 404, isAdmitted: true },
      ...{ at, took: 2 },
    });
  const countAll = (at: number) => {
    // The real key has two rows in different steps, of which the first has the later request.
    count(key, '/first', at + 10);
    for (let number = 0; number < 250; number++) count(`key_${number}`, '/stats', at);
    count(key, '/last', at);
  };
  const written = () => database.read.selectFrom('usage_days').selectAll().execute();
  const blocker = await openDatabase(database.path);
  t.after(() => blocker.close());

  countAll(testNow);
  const flushing = usage.flush();
  await nextTurn();
  blocker.handle.exec('begin immediate');
  countAll(testNow + 1);
  await flushing;
  assert.equal((await written()).length, 100);
  blocker.handle.exec('rollback');
  await usage.flush();
  await usage.flush();
  const rows = await written();
  assert.equal(rows.length, 252);
  for (const { requests, admitted, errors, milliseconds } of rows)
    assert.deepEqual(
      { requests, admitted, errors, milliseconds },
      { requests: 2, admitted: 2, errors: 2, milliseconds: 4 },
    );
  const { last_used_at } = await database.read
    .selectFrom('keys')
    .select('last_used_at')
    .executeTakeFirstOrThrow();
  assert.equal(last_used_at, testNow + 11);
});
