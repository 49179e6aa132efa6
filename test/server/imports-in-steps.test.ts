import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { OwnImporting } from '../../server/ingest/importing.ts';
import { partSizes } from '../../server/ingest/incoming.ts';
import { ImportRefused } from '../../server/ingest/report.ts';
import { checkSums } from '../../server/store/check-sums.ts';
import { waitForLock } from '../../server/store/database.ts';
import { openWriter } from '../../server/store/writer-connection.ts';
import type { ImportAnswer } from '../../shared/answers/imports.ts';
import { api } from '../support/api.ts';
import { sendFile } from '../support/files.ts';
import { importDefaults, makePartner, plainCsv, tradesOf } from '../support/partner.ts';
import { startTestServer, testNow } from '../support/server.ts';

const rows = tradesOf(Array.from({ length: 40 }, (_, index) => index - 20));

/** A server, and another process that imports a file into an account, five rows in a step. */
async function start(t: TestContext, options: { skipsBad?: boolean } = {}) {
  const server = await startTestServer(t);
  const { database } = server;
  const partner = await makePartner(database);
  const account = await partner.newAccount();
  const client = api(server, partner.key);
  const importing = new OwnImporting(
    openWriter(database.file()),
    { ...importDefaults, ...options, partnerId: partner.id, account, format: 'csv', zone: 'UTC' },
    testNow,
    randomBytes,
    undefined,
    { ...partSizes, atOnce: 10, checked: 5, first: 5, least: 5, most: 5 },
  );
  t.after(() => importing.close());
  await importing.read(Buffer.from(plainCsv(rows)));
  await importing.end();
  /** Takes steps until `isEnough` rows are kept, or it has ended. */
  const goOn = async (isEnough: (part: number) => boolean = () => false) => {
    for (;;) {
      const progress = await waitForLock(() => importing.step('next', testNow));
      if (progress.report || isEnough(progress.part)) return progress;
    }
  };
  const count = () =>
    database.handle.prepare('select count(*) from trades').pluck().get() as number;
  const record = async () => {
    const { body } = await client.get<{ imports: ImportAnswer[] }>('imports');
    return body.imports[0]!;
  };
  return { ...server, partner, account, client, importing, goOn, count, record };
}

test('while a file is kept in steps its sums are true, and its record says how far it is', async (t) => {
  const { goOn, count, record, database, client, account } = await start(t);
  await goOn((part) => part >= 0.5);
  assert.equal(count(), 20);
  assert.deepEqual(checkSums(database.handle), []);
  const { state, part, added, kept } = await record();
  assert.deepEqual([state, part, added, kept], ['running', 0.5, 20, false]);
  const { body } = await client.get<{ stats: { tradeCount: number } }>(
    `stats?account_id=${account}&period=all`,
  );
  assert.equal(body.stats.tradeCount, 20);
  assert.equal((await goOn()).report?.added, 40);
  assert.equal((await record()).state, 'done');
});

test('a row that becomes impossible while others are kept takes them back', async (t) => {
  const { goOn, count, record, client, account, database } = await start(t);
  await goOn((part) => part > 0);
  await client.post('trades', {
    ...{ account_id: account, external_id: 't39', symbol: 'NQ', direction: 'long', quantity: 1 },
    ...{ entry_price: 1, entry_time: testNow - 1_000 },
  });
  const { report } = await goOn();
  assert.deepEqual([report?.kept, report?.refused, report?.held_back], [false, 1, 39]);
  assert.equal(count(), 1);
  assert.deepEqual(checkSums(database.handle), []);
  const { state, undone, refused } = await record();
  assert.deepEqual([state, undone?.reason, refused], ['undone', 'conflict', 1]);
});

test('with skip_bad such a row is refused alone', async (t) => {
  const { goOn, count, client, account } = await start(t, { skipsBad: true });
  await goOn((part) => part > 0);
  await client.post('trades', {
    ...{ account_id: account, external_id: 't39', symbol: 'NQ', direction: 'long', quantity: 1 },
    ...{ entry_price: 1, entry_time: testNow - 1_000 },
  });
  const { report } = await goOn();
  assert.deepEqual([report?.kept, report?.added, report?.refused], [true, 39, 1]);
  assert.equal(count(), 40);
});

test('an import that is taken back while it is running stops, and nothing of it stays', async (t) => {
  const { goOn, count, record, client } = await start(t);
  await goOn((part) => part > 0);
  const { id } = await record();
  const { status, body } = await client.delete<ImportAnswer>(`imports/${id}`);
  assert.deepEqual([status, body.state], [200, 'undone']);
  await assert.rejects(goOn(), ImportRefused);
  assert.equal(count(), 0);
});

test('an account that is erased meanwhile ends the import', async (t) => {
  const { goOn, count, client, account, tick } = await start(t);
  await goOn((part) => part > 0);
  await client.delete(`accounts/${account}`);
  await assert.rejects(goOn(), ImportRefused);
  await tick();
  await tick();
  assert.equal(count(), 0);
});

test('an import whose process has ended is taken back by a server', async (t) => {
  const { goOn, count, record, importing, tick, database } = await start(t);
  await goOn((part) => part >= 0.5);
  await importing.close();
  await tick();
  assert.equal((await record()).state, 'running');
  const begun = performance.now();
  while ((await record()).state !== 'undone' && performance.now() - begun < 20_000) {
    await sleep(500);
    await tick();
  }
  // It was waited for, as the process might only have been slow.
  assert.ok(performance.now() - begun > 9_000);
  const { state, undone } = await record();
  assert.deepEqual([state, undone?.reason, undone?.removed], ['undone', 'interrupted', 20]);
  assert.equal(count(), 0);
  assert.deepEqual(checkSums(database.handle), []);
});

test('an import that its process leaves is taken back at once', async (t) => {
  const { goOn, count, record, importing, tick } = await start(t);
  await goOn((part) => part >= 0.5);
  await importing.step('leave', testNow);
  await importing.close();
  for (let rounds = 0; rounds < 20 && (await record()).state !== 'undone'; rounds++) {
    await tick();
    await sleep(50);
  }
  assert.equal(count(), 0);
});

test('a request whose import waits for another one is answered after ten seconds, and goes on', async (t) => {
  const { goOn, partner, account, client, address, count } = await start(t);
  await goOn((part) => part > 0);
  const other = [{ ...rows[0]!, id: 'other' }];
  await client.get('imports');
  const sent = await sendFile({ address }, partner.key, { account_id: account }, plainCsv(other));
  assert.deepEqual([sent.status, sent.body.state, sent.body.part], [202, 'running', 0]);
  assert.equal((await client.get<{ imports: object[] }>('imports')).body.imports.length, 2);
  assert.equal(count(), 5);
  await goOn();
  const state = async () => (await client.get<ImportAnswer>(`imports/${sent.body.id}`)).body.state;
  for (let rounds = 0; rounds < 50 && (await state()) !== 'done'; rounds++) await sleep(100);
  assert.deepEqual([await state(), count()], ['done', 41]);
});

test('a dry run waits for no other import', async (t) => {
  const { goOn, partner, account, address } = await start(t);
  await goOn((part) => part > 0);
  const query = { account_id: account, dry_run: 'true' };
  const begun = performance.now();
  const { status } = await sendFile({ address }, partner.key, query, plainCsv(rows.slice(0, 3)));
  assert.equal(status, 200);
  assert.ok(performance.now() - begun < 9_000);
});

test('a third file of a firm at once gets a 429, until one of the two is done', async (t) => {
  const { goOn, partner, account, address } = await start(t);
  await goOn((part) => part > 0);
  const send = () =>
    sendFile<{ code?: string }>(
      { address },
      partner.key,
      { account_id: account, skip_bad: 'true' },
      plainCsv(rows.slice(0, 2)),
    );
  const two = [send(), send()];
  await sleep(500);
  const third = await send();
  assert.deepEqual([third.status, third.body.code], [429, 'imports_running']);
  assert.equal(third.headers.get('retry-after'), '5');
  await goOn();
  for (const { status } of await Promise.all(two)) assert.equal(status, 201);
});

test('an import is not taken back while another file is being imported into the account', async (t) => {
  const { goOn, partner, account, client, tick, count, database } = await start(t);
  await partner.addTrades(account, [{ ...rows[0]!, id: 'first' }]);
  const first = (await client.get<{ imports: ImportAnswer[] }>('imports')).body.imports[0]!;
  await goOn((part) => part > 0);
  const { body } = await client.delete<ImportAnswer>(`imports/${first.id}`);
  assert.equal(body.state, 'undoing');
  await tick();
  assert.equal(count(), 6);
  await goOn();
  for (let rounds = 0; rounds < 20 && count() === 41; rounds++) {
    await tick();
    await sleep(50);
  }
  assert.equal(count(), 40);
  assert.deepEqual(checkSums(database.handle), []);
});
