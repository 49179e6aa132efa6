import assert from 'node:assert/strict';
import test from 'node:test';
import { routes } from '../../server/routes/index.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { NewKeyAnswer } from '../../shared/answers/keys.ts';
import { type Answer, addressOf, api } from '../support/api.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

/** A value for every parameter in the paths of the routes. */
function somethingFor(partner: { email: string }, id: string) {
  return { id, email: partner.email, widget: 'stats-card' };
}

test('a publishable key is valid for the routes of widgets and for no others, and opens no session', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'enterprise');
  const other = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  const publishable = await partner.newKey(['embed:read']);
  const rowsOf = () =>
    Promise.all(
      (['partners', 'sign_in_addresses', 'sessions', 'audit'] as const).map((table) =>
        server.database.read.selectFrom(table).selectAll().execute(),
      ),
    );
  const before = await rowsOf();
  let managing = 0;
  for (const route of routes) {
    if (route.kind === 'open') continue;
    const address = addressOf(route, somethingFor(partner, other.id));
    const { status } = await api(server, publishable).send(
      route.method,
      `${address}?key_id=${other.id}`,
      route.method === 'GET' || route.method === 'DELETE' ? undefined : {},
    );
    const isWidget = 'reachedBy' in route && route.reachedBy !== undefined;
    assert.equal(status, isWidget ? 200 : 403, `${route.method} ${route.path}`);
    if (route.kind !== 'question') managing++;
  }
  assert.ok(managing > 10);
  const session = await api(server, null).post('auth/session', { api_key: publishable });
  assert.deepEqual([session.status, session.body.code], [403, 'publishable_key']);
  assert.deepEqual(await rowsOf(), before);
  assert.equal((await api(server, other.key).get('stats')).status, 200);
});

test('a key in the query is not accepted by any action', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database, 'enterprise');
  const other = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  for (const route of routes) {
    if (route.kind !== 'action' && route.kind !== 'change') continue;
    const address = addressOf(route, somethingFor(partner, other.id));
    for (const parameter of ['api_key', 'key', 'token']) {
      const { status, body }: Answer<ErrorAnswer> = await api(server, null).send(
        route.method,
        `${address}?${parameter}=${partner.key}&key_id=${other.id}`,
        route.method === 'GET' || route.method === 'DELETE' ? undefined : {},
      );
      assert.deepEqual([status, body.code], [401, 'missing_key'], `${route.path} ${parameter}`);
      server.clock.now += 1_000;
    }
  }
  assert.equal((await api(server, other.key).get('stats')).status, 200);
});
