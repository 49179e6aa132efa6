import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mostActiveKeys } from '../../shared/access.ts';
import type { KeysAnswer, NewKeyAnswer } from '../../shared/answers/keys.ts';
import { day } from '../../shared/time.ts';
import { api } from '../support/api.ts';
import { commandLine, lineOf } from '../support/command.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

interface Served {
  address: string;
}

/** Starts processes that serve one database; returns them with a key of a partner, and the key's id. */
async function startProcesses(t: TestContext, tier: string, count: number) {
  const cli = commandLine(t);
  const { partner } = await cli.json<{ partner: { id: string } }>(
    ...['partner', 'create', '--name', 'Firm', '--email', 'ops@firm.example', '--tier', tier],
  );
  const made = await cli.json<{ key: string; id: string }>(
    ...['key', 'create', '--partner', partner.id],
  );
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const port = await lineOf(cli.start('serve', '--port', '0', '--json'), /:(\d+)"/);
      return { address: `http://127.0.0.1:${port}` };
    }),
  );
  return { servers, key: made.key, id: made.id };
}

/** Counts how often each outcome occurs. */
function tally(outcomes: readonly (string | number | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[String(outcome)] = (counts[String(outcome)] ?? 0) + 1;
  return counts;
}

async function countActive(server: Served, key: string): Promise<number> {
  const { body } = await api(server, key).get<KeysAnswer>('keys');
  return body.keys.filter(({ is_active }) => is_active).length;
}

/** Creates and rolls keys all at once, on the servers in turn, and asserts that no key is one too many. */
async function rush(servers: readonly Served[], key: string, rolled: string): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, turn) => {
      const { post } = api(servers[turn % servers.length]!, key);
      return turn % 3 === 0 ? post(`keys/${rolled}/roll`) : post('keys');
    }),
  );
  const free = mostActiveKeys - (await countActive(servers[0]!, key));
  const refused = ['too_many_keys', 'already_rolled'];
  const others = answers.filter(
    ({ status, body }) => status !== 201 && !(status === 400 && refused.includes(body.code)),
  );
  assert.equal(free, 0);
  assert.deepEqual(others, []);
  assert.ok(answers.filter((answer, turn) => turn % 3 === 0 && answer.status === 201).length <= 1);
}

test('the limit of ten active keys holds under simultaneous creation and rolling', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const rolled = (await api(server, partner.key).post<NewKeyAnswer>('keys')).body;
  await rush([server], partner.key, rolled.id);
});

test('the limit of ten active keys holds across several processes', async (t) => {
  const { servers, key, id } = await startProcesses(t, 'growth', 4);
  await rush(servers, key, id);
});

test('when several processes roll a key at once, exactly one does', async (t) => {
  const { servers, key, id } = await startProcesses(t, 'growth', 3);
  const answers = await Promise.all(
    Array.from({ length: 15 }, (_, turn) =>
      api(servers[turn % servers.length]!, key).post(`keys/${id}/roll`),
    ),
  );
  const outcomes = answers.map(({ status, body }) => (status === 201 ? 'rolled' : body.code));
  assert.deepEqual(tally(outcomes), { rolled: 1, already_rolled: 14 });
  assert.equal(await countActive(servers[0]!, key), 2);
});

test('a key revoked, changed or rolled in one process is so in every process from the next request on', async (t) => {
  const { servers, key } = await startProcesses(t, 'growth', 2);
  const [here, there] = servers.map((server) => api(server, key));
  const seen = (made: NewKeyAnswer, path = 'stats') =>
    Promise.all(servers.map(async (server) => (await api(server, made.key).get(path)).status));
  const made = async () => (await here!.post<NewKeyAnswer>('keys')).body;

  const revoked = await made();
  assert.deepEqual(await seen(revoked), [200, 200]);
  await there!.delete(`keys/${revoked.id}`);
  assert.deepEqual(await seen(revoked), [403, 403]);

  const narrowed = await made();
  assert.deepEqual(await seen(narrowed), [200, 200]);
  await there!.patch(`keys/${narrowed.id}`, { scopes: ['stats:read'] });
  assert.deepEqual(await seen(narrowed), [403, 403]);

  const rolled = await made();
  assert.deepEqual(await seen(rolled), [200, 200]);
  const next = await there!.post<NewKeyAnswer>(`keys/${rolled.id}/roll`, { overlap_seconds: 0 });
  assert.deepEqual(await seen(rolled), [403, 403]);
  assert.deepEqual(await seen(next.body), [200, 200]);
});

test('four processes together admit exactly the daily quota of a key', async (t) => {
  const { servers, key } = await startProcesses(t, 'starter', 4);
  // These processes use the machine's clock, and the quota's day must not end during the test.
  const untilMidnight = day - (Date.now() % day);
  if (untilMidnight < 30_000) await sleep(untilMidnight);
  const statuses: number[] = [];
  let asked = 0;
  const askOnAndOn = async () => {
    while (asked < 1_200) {
      const { get } = api(servers[asked++ % servers.length]!, key);
      statuses.push((await get('stats')).status);
    }
  };
  await Promise.all(Array.from({ length: 40 }, askOnAndOn));
  assert.deepEqual(tally(statuses), { 200: 1_000, 429: 200 });
});
