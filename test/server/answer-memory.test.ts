import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answerMemory, makeAnswer } from '../../server/answers.ts';
import { api } from '../support/api.ts';
import { makePartner, tradesOf } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { statementsOf } from '../support/sql.ts';
import { readersHere } from '../support/threads.ts';

const encodings = ['br', 'gzip', 'identity'];

test('an answer is worked out once for each form in which clients take it', async (t) => {
  const server = await startTestServer(t, { readers: readersHere });
  const partner = await makePartner(server.database);
  await partner.addTrades(await partner.newAccount(), tradesOf([1, -2, 3]));
  const ask = (path: string, encoding: string) =>
    api(server, partner.key).get(path, { 'Accept-Encoding': encoding });
  for (const path of ['stats', '/embed/partner/risk-metrics']) {
    const texts = new Set<string>();
    for (const encoding of encodings) {
      const first = await statementsOf(t, () => ask(path, encoding));
      const isOfDays = ({ text }: { text: string }) => text.includes('_days');
      assert.ok(first.some(isOfDays), path);
      const again = await statementsOf(t, async () => texts.add((await ask(path, encoding)).text));
      assert.deepEqual(again.filter(isOfDays), [], path);
    }
    assert.equal(texts.size, 1, path);
  }
});

test('with little memory, answers that were not asked for lately are worked out anew, and are the same', async (t) => {
  const server = await startTestServer(t, { answerMemory: 20_000, readers: readersHere });
  const partner = await makePartner(server.database);
  const accounts: string[] = [];
  while (accounts.length < 20) accounts.push(await partner.newAccount());
  await partner.addTrades(accounts[0]!, tradesOf([1, -2, 3]));
  const ask = async (account: string) =>
    (await api(server, partner.key).get(`stats?account_id=${account}`)).text;
  const first = await ask(accounts[0]!);
  const worksOut = async () =>
    (await statementsOf(t, () => ask(accounts[0]!))).some(({ text }) => text.includes('_days'));
  assert.equal(await worksOut(), false);
  for (const account of accounts.slice(1)) await ask(account);
  assert.equal(await worksOut(), true);
  assert.equal(await ask(accounts[0]!), first);
});

test('answers take no more memory than they may', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = async () => {
    collect();
    // What the compressors took is freed in a later turn.
    await sleep(50);
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const most = 4 * 1024 * 1024;
  for (const length of [100, 2_000, 20_000]) {
    const before = await used();
    const answers = answerMemory(most);
    for (let number = 0; answers.calculatedSize < 0.95 * most; number++) {
      // Random digits are compressed to half their length.
      const body = randomBytes(length / 2).toString('hex');
      const identity = `${number} ${'x'.repeat(300)}`;
      const content = { type: 'text/html', body, headers: { 'X-Own': `${number}`.padEnd(400) } };
      answers.set(identity, await makeAnswer(content, identity, 'br'));
    }
    const taken = (await used()) - before;
    assert.ok(taken > 0.8 * most && taken < 1.2 * most, `answers of ${length}: ${taken}`);
    // Used after measuring, so that it is not collected before.
    answers.clear();
  }
});
