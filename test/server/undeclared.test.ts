import assert from 'node:assert/strict';
import test from 'node:test';
import { z } from 'zod';
import { Refusal } from '../../server/refusal.ts';
import { type OpenRoute, openRoute, type Refusals } from '../../server/route.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import { startTestServer } from '../support/server.ts';

const path = '/refusing';

/** A route that refuses every request with a 409. */
function refusing(refusals: Refusals, own: Pick<OpenRoute, 'refuse'> = {}) {
  const answers = { 200: { means: 'Done.', schema: z.object({}) } };
  const act = async () => {
    throw new Refusal(409, 'key_paused', 'The key is paused.');
  };
  const name = 'beRefused';
  const summary = 'Refuses.';
  return openRoute({
    ...{ name, method: 'GET', path, summary, query: z.object({}) },
    ...{ answers, refusals, act },
    ...own,
  });
}

test('a refusal that its route does not declare is a 500, and the log says which', async (t) => {
  for (const refusals of [{}, { 409: ['key_ended'] }, { 400: ['key_paused'] }] as Refusals[]) {
    const server = await startTestServer(t, { routes: [refusing(refusals)] });
    const response = await server.get(path);
    assert.equal(response.status, 500);
    assert.equal(((await response.json()) as ErrorAnswer).code, 'internal_error');
    assert.equal(server.log.length, 1);
    assert.match(String(server.log[0]!.error), /beRefused declares no refusal of 409 key_paused/);
  }
});

test('a refusal that its route declares is sent, and not logged', async (t) => {
  const server = await startTestServer(t, { routes: [refusing({ 409: ['key_paused'] })] });
  const response = await server.get(path);
  assert.equal(response.status, 409);
  assert.equal(((await response.json()) as ErrorAnswer).code, 'key_paused');
  assert.deepEqual(server.log, []);
});

test('a refusal that is undeclared is presented as the route presents its refusals', async (t) => {
  const refuse = ({ code }: Refusal) => ({ type: 'text/html', body: `<p>${code}`, headers: {} });
  const server = await startTestServer(t, { routes: [refusing({}, { refuse })] });
  const response = await server.get(path);
  assert.equal(response.status, 500);
  assert.equal(await response.text(), '<p>internal_error');
});
