import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { TokenSigner } from '../../server/access/embed-token.ts';
import { transact } from '../../server/store/database.ts';
import { digestOf } from '../../server/store/ids.ts';
import { openSession } from '../../server/store/sessions.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import { api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { statementsOf } from '../support/sql.ts';
import { testSecret } from '../support/threads.ts';

interface Ended {
  key: string;
  token: string;
  /** The value of its session's cookie. */
  session: string;
}

/** A key that is refused for each reason, with a token that it made and a session that it opened. */
async function endedOnes(server: TestServer): Promise<Record<string, Ended>> {
  const { database, clock } = server;
  const partner = await makePartner(database);
  const inactive = await makePartner(database);
  const owner = api(server, partner.key);
  const make = async (ownerKey: string, body: object = {}): Promise<Ended & { id: string }> => {
    const { key, id } = (await api(server, ownerKey).post<NewKeyAnswer>('keys', body)).body;
    const { token } = (await api(server, key).post<EmbedTokenAnswer>('embed-tokens')).body;
    const session = await transact(database, (transaction) => {
      const { id: partnerId } = ownerKey === partner.key ? partner : inactive;
      const opener = { key: { id, label: 'Test' } };
      return openSession(transaction, partnerId, opener, clock.now, randomBytes);
    });
    return { key, token, session, id };
  };
  const revoked = await make(partner.key);
  const paused = await make(partner.key);
  const expired = await make(partner.key, { expires_at: clock.now + 1_000 });
  const ofInactive = await make(inactive.key);
  const lasting = await make(partner.key);
  const short = await api(server, lasting.key).post<EmbedTokenAnswer>('embed-tokens', {
    expires_in: 1,
  });
  const forged = new TokenSigner('a secret of somebody else, long enough as well');
  const read = new TokenSigner(testSecret).read(lasting.token)!;
  // They are used while valid, so that the server has them in its caches, which must not matter.
  for (const one of [revoked, paused, expired, ofInactive]) {
    assert.equal((await api(server, one.key).get('stats')).status, 200);
    assert.equal((await api(server, one.token).get('widgets/stats-card')).status, 200);
  }
  await owner.delete(`keys/${revoked.id}`);
  await owner.patch(`keys/${paused.id}`, { is_active: false });
  await inactive.set({ is_active: 0 });
  // Stores usage, so that nothing is written while statements are counted.
  await server.tick();
  for (const one of [expired, lasting]) await api(server, one.key).get('stats');
  await api(server, expired.token).get('widgets/stats-card');
  await api(server, short.body.token).get('widgets/stats-card');
  clock.now += 1_000;
  return {
    'made-up': {
      key: `pt_${'0'.repeat(56)}`,
      token: forged.sign(read.token),
      session: 'A'.repeat(22),
    },
    revoked,
    paused,
    expired: { ...expired, token: short.body.token },
    'made by an expired one': expired,
    inactive: ofInactive,
    odd: { key: '💥', token: 'pte_x', session: 'x' },
  };
}

const ways: Record<string, (server: TestServer, ended: Ended) => Promise<unknown>> = {
  'a key asks': (server, { key }) => send(server, 'stats', { 'X-API-Key': encodeURI(key) }),
  'a key manages': (server, { key }) => send(server, 'keys', { 'X-API-Key': encodeURI(key) }),
  'a key opens a frame': (server, { key }) =>
    send(server, `/embed/partner/stats-card?key=${encodeURIComponent(key)}`, {}),
  'a token asks': (server, { token }) => send(server, 'widgets/stats-card', { 'X-API-Key': token }),
  'a session asks': (server, { session }) =>
    send(server, 'stats', { Cookie: `pt_session=${session}` }),
  'a session says who it is': (server, { session }) =>
    send(server, 'auth/session', { Cookie: `pt_session=${session}` }),
  'a key opens a session': async (server, { key }) => {
    const { status, text } = await api(server, null).post('auth/session', { api_key: key });
    return { status, text };
  },
};

async function send(server: TestServer, path: string, headers: Record<string, string>) {
  const { status, text, headers: given } = await api(server, headers).get(path);
  const names = [...given.keys()].filter((name) => name !== 'date' && name !== 'x-request-id');
  return { status, text, names };
}

test('revoked, paused, expired, inactive and made-up credentials need one statement and get identical answers', async (t) => {
  const server = await startTestServer(t);
  const ended = await endedOnes(server);
  for (const [way, ask] of Object.entries(ways)) {
    let first: { answer: unknown; texts: string[] } | undefined;
    for (const [kind, one] of Object.entries(ended)) {
      server.clock.now += 10_000;
      for (let times = 0; times < 2; times++) {
        let answer: unknown;
        const statements = await statementsOf(t, async () => {
          answer = await ask(server, one);
        });
        // The server also looks for waiting mail now and then.
        const texts = statements
          .map(({ text }) => text)
          .filter((text) => !/^pragma|"mail"/.test(text));
        assert.equal(texts.length, 1, `${way}, ${kind}: ${texts.join('\n')}`);
        first ??= { answer, texts };
        assert.deepEqual({ answer, texts }, first, `${way}, ${kind}`);
      }
    }
  }
});

test('a key that has just expired is looked up like any other that is refused', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const key = await partner.newKey(['stats:aggregate'], server.clock.now + 1_000);
  assert.equal((await api(server, key).get('stats')).status, 200);
  server.clock.now += 1_000;
  const statements = await statementsOf(t, async () => {
    assert.equal((await api(server, key).get('stats')).status, 403);
  });
  const looked = statements.filter(({ values }) => values.flat().includes(digestOf(key)));
  assert.equal(looked.length, 1);
});
