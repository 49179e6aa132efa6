import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../server/store/database.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import { utcDay } from '../../shared/day.ts';
import { api } from '../support/api.ts';
import { commandLine } from '../support/command.ts';
import { holdOpen, makeFirm } from '../support/firm.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { addAddress, auth, signInByKey } from '../support/session.ts';
import { signIn } from '../support/signed-in.ts';

test('keys, tokens, addresses and sessions can be revoked with daily quota and burst limit used up', async (t) => {
  const server = await startTestServer(t, { keyBurst: { atOnce: 100, perSecond: 1 } });
  const partner = await makePartner(server.database, 'starter');
  const owner = api(server, partner.key);
  const { id } = (await owner.post<NewKeyAnswer>('keys')).body;
  const second = (await owner.post<NewKeyAnswer>('keys')).body;
  await addAddress(server.database, partner.id, 'leaver@firm.example');
  const person = api(server, await signIn(server, partner));
  const browser = await signInByKey(server, partner.key);
  await server.tick();
  await server.database.write
    .updateTable('key_days')
    .set({ leased: 1_000_000 })
    .where('day', '=', utcDay(server.clock.now))
    .execute();
  const spend = async (who: typeof owner) => {
    for (let asked = 0; asked <= 100; asked += 25)
      await Promise.all(Array.from({ length: 25 }, () => who.get('stats')));
    assert.equal((await who.get('stats')).body.code, 'too_many_requests');
  };
  await Promise.all([spend(owner), spend(person)]);
  assert.equal((await owner.post('keys')).status, 429);
  for (const ending of [
    owner.delete(`keys/${id}`),
    owner.delete(`keys?key_id=${second.id}`),
    owner.delete('embed-tokens'),
    person.delete('addresses/leaver%40firm.example'),
    person.delete('embed-tokens'),
  ]) {
    const { status, headers } = await ending;
    assert.equal(status, 200);
    assert.equal(headers.get('x-ratelimit-remaining'), null);
  }
  assert.equal((await browser.send('DELETE', `${auth}/session?everywhere=true`)).status, 200);
  assert.equal((await person.delete('auth/session')).status, 200);
});

test('revoking waits for another process’s lock for longer than other writes do', async (t) => {
  const cli = commandLine(t);
  const firm = await makeFirm(cli);
  const made: { id: string; key: string }[] = [];
  for (const label of ['one', 'two'])
    made.push(await cli.json('key', 'create', '--partner', firm, '--label', label));
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const owner = api(server, partner.key);
  const { id } = (await owner.post<NewKeyAnswer>('keys')).body;
  const browser = await signInByKey(server, partner.key);
  const database = await holdOpen(t, cli);
  const other = await openDatabase(server.database.path);
  t.after(() => other.close());
  // The locks are held for longer than any other write waits.
  for (const { handle } of [database, other]) handle.exec('begin immediate');
  const endings = [
    ['key', 'revoke', made[0]!.id],
    ['key', 'set', made[1]!.id, '--active', 'false'],
    ['partner', 'set', firm, '--active', 'false'],
  ].map((args) => once(cli.start(...args), 'exit'));
  const outcomes = Promise.all([
    owner.delete(`keys/${id}`),
    owner.delete('embed-tokens'),
    browser.send('DELETE', `${auth}/session`),
    Promise.all(endings),
  ]);
  const impatient = cli.run('partner', 'set', firm, '--name', 'Firm');
  assert.equal((await owner.put('branding', { company_name: 'Firm' })).status, 503);
  assert.equal((await impatient).code, 1);
  await sleep(1_500);
  for (const { handle } of [database, other]) handle.exec('commit');
  const [key, tokens, session, exits] = await outcomes;
  assert.deepEqual([key.status, tokens.status, session.status], [200, 200, 200]);
  assert.deepEqual(exits, [
    [0, null],
    [0, null],
    [0, null],
  ]);
});
