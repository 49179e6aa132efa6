import assert from 'node:assert/strict';
import test from 'node:test';
import { mostSignInAddresses } from '../../shared/access.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { AddressesAnswer } from '../../shared/answers/partner.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { type Browser, isSignedIn, signIn, signInByKey } from '../support/session.ts';

const addresses = '/api/partner/addresses';

async function listed(browser: Browser): Promise<string[]> {
  const answer = (await (await browser.get(addresses)).json()) as AddressesAnswer;
  return answer.addresses.map(({ email }) => email);
}

function remove(browser: Browser, email: string): Promise<Response> {
  return browser.send('DELETE', `${addresses}/${encodeURIComponent(email)}`);
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as ErrorAnswer).code;
}

test('an added address can sign in, and its sessions end when it is removed', async (t) => {
  const server = await startTestServer(t);
  const { id, email } = await makePartner(server.database);
  const owner = await signIn(server, email);
  server.clock.now += 1;
  const added = await owner.post(addresses, { email: ' New.Person@Firm.EXAMPLE ' });
  assert.equal(added.status, 201);
  const { addresses: now } = (await added.json()) as AddressesAnswer;
  assert.deepEqual(now[1], { email: 'new.person@firm.example', created_at: server.clock.now });
  // Adding it twice adds it once.
  assert.equal((await owner.post(addresses, { email: 'new.person@firm.example' })).status, 201);
  assert.deepEqual(await listed(owner), [email, 'new.person@firm.example']);
  const newcomer = await signIn(server, 'new.person@firm.example');
  assert.ok(await isSignedIn(newcomer));
  assert.equal((await remove(owner, 'New.Person@firm.example')).status, 200);
  assert.ok(!(await isSignedIn(newcomer)));
  assert.ok(await isSignedIn(owner));
  assert.deepEqual(await listed(owner), [email]);
  const { count } = await server.database.read
    .selectFrom('sign_in_addresses')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('partner_id', '=', id)
    .executeTakeFirstOrThrow();
  assert.equal(count, 1);
});

test('the last address can’t be removed, even when two addresses remove each other at once', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const owner = await signIn(server, email);
  assert.equal(await codeOf(await remove(owner, email)), 'last_address');
  await owner.post(addresses, { email: 'second@firm.example' });
  const second = await signIn(server, 'second@firm.example');
  const statuses = await Promise.all([remove(owner, 'second@firm.example'), remove(second, email)]);
  const done = statuses.filter(({ status }) => status === 200);
  assert.equal(done.length, 1);
  assert.equal(
    (await server.database.read.selectFrom('sign_in_addresses').selectAll().execute()).length,
    1,
  );
});

test('the number of sign-in addresses is limited, even when they are added at once', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const owner = await signIn(server, email);
  const statuses = await Promise.all(
    Array.from({ length: mostSignInAddresses + 2 }, async (_, index) => {
      const { status } = await owner.post(addresses, { email: `colleague${index}@firm.example` });
      return status;
    }),
  );
  assert.equal(statuses.filter((status) => status === 201).length, mostSignInAddresses - 1);
  assert.equal((await listed(owner)).length, mostSignInAddresses);
  const refused = await owner.post(addresses, { email: 'late@firm.example' });
  assert.equal(refused.status, 400);
  assert.equal(await codeOf(refused), 'too_many_addresses');
});

test('only a person signed in by mail may add and remove addresses; keys and their sessions can only list them', async (t) => {
  const server = await startTestServer(t);
  const { email, key } = await makePartner(server.database);
  const byKey = await signInByKey(server, key);
  const withKey = { 'X-API-Key': key };
  const byMail = await signIn(server, email);
  await byMail.post(addresses, { email: 'second@firm.example' });
  for (const [browser, headers] of [
    [byKey, {}],
    [byKey, withKey],
    // A key takes precedence over the cookie.
    [byMail, withKey],
  ] as const) {
    const tries = [
      await browser.post(addresses, { email: 'intruder@evil.example' }, headers),
      await browser.send('DELETE', `${addresses}/second@firm.example`, { headers }),
    ];
    for (const refused of tries) {
      assert.equal(refused.status, 403);
      assert.equal(await codeOf(refused), 'sign_in_required');
    }
    assert.equal((await browser.get(addresses, headers)).status, 200);
  }
  assert.deepEqual(await listed(byMail), [email, 'second@firm.example']);
});

test('removing another partner’s address gets the same 404 as an unknown one', async (t) => {
  const server = await startTestServer(t);
  const mine = await makePartner(server.database);
  const theirs = await makePartner(server.database);
  const owner = await signIn(server, mine.email);
  await owner.post(addresses, { email: 'second@firm.example' });
  const answers = await Promise.all(
    [theirs.email, 'nobody@firm.example', "' or 1=1 --", '%', '💥'].map(async (email) => {
      const response = await remove(owner, email);
      return { status: response.status, body: await response.text() };
    }),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0]?.status, 404);
  assert.ok(await isSignedIn(await signIn(server, theirs.email)));
  assert.ok(!(await listed(owner)).includes(theirs.email));
});

test('an address with a lone surrogate is refused, not changed into another one', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const owner = await signIn(server, email);
  const added = await owner.post('/api/partner/addresses', { email: 'a\ud800@firm.example' });
  assert.equal(added.status, 400, await added.text());
});
