import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { AuditAnswer } from '../../shared/answers/audit.ts';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type {
  DeliveryAnswer,
  NewWebhookAnswer,
  RotatedSecretAnswer,
  WebhooksAnswer,
} from '../../shared/answers/webhooks.ts';
import { hour, second } from '../../shared/time.ts';
import { type Answer, api } from '../support/api.ts';
import { serveBeside } from '../support/beside.ts';
import { inParallel } from '../support/in-parallel.ts';
import { makePartner } from '../support/partner.ts';
import type { Received } from '../support/receiver.ts';
import { testNow } from '../support/server.ts';
import { textOfTables } from '../support/tables.ts';
import { startWebhookFirm } from '../support/webhooks.ts';

const url = 'https://yourfirm.com/webhooks/proptally';

/** The lines that a partner writes. */
const signatureOf = (secret: string, { body }: Received) =>
  createHmac('sha256', secret).update(body).digest('hex');

/** Verified by the public library of Standard Webhooks, which knows the time by the machine’s clock. */
function verify(secret: string, { body, headers }: Received): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

test('a webhook is created with a secret that is shown once, listed, read, changed and deleted', async (t) => {
  const { ask } = await startWebhookFirm(t);
  const { status, body } = await ask.post<NewWebhookAnswer>('webhooks', { url });
  assert.equal(status, 201);
  const { secret, message, ...webhook } = body;
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.equal(message, 'Save this secret now — it will not be shown again.');
  assert.deepEqual(webhook, {
    ...{ id: webhook.id, url, description: null, events: ['trade.created', 'trade.updated'] },
    ...{ is_active: true, last_triggered_at: null, failure_count: 0, created_at: testNow },
  });
  assert.match(webhook.id, /^wh_[0-9a-f]{20}$/);
  const list = await ask.get<WebhooksAnswer>('webhooks');
  assert.deepEqual(list.body.webhooks, [webhook]);
  assert.deepEqual(list.body.available_events, [
    ...['trade.created', 'trade.updated', 'milestone.reached', 'account.created'],
    ...['account.updated', 'daily_summary', 'trade.deleted', 'import.completed'],
  ]);
  assert.deepEqual((await ask.get(`webhooks/${webhook.id}`)).body, webhook);
  const changes = { description: 'Ours', events: ['daily_summary'], is_active: false };
  const changed = await ask.patch(`webhooks/${webhook.id}`, changes);
  assert.deepEqual(changed.body, { ...webhook, ...changes });
  for (const path of [`webhooks/${webhook.id}`, `webhooks?webhook_id=${webhook.id}`]) {
    const { id } = (await ask.post<NewWebhookAnswer>('webhooks', { url })).body;
    const answered: Answer<ErrorAnswer> = await ask.delete(path.replace(webhook.id, id));
    assert.deepEqual([answered.status, answered.body], [200, { success: true }]);
    assert.equal((await ask.get(`webhooks/${id}`)).status, 404);
    assert.equal((await ask.delete(path.replace(webhook.id, id))).status, 404);
  }
  assert.equal((await ask.get<WebhooksAnswer>('webhooks')).body.webhooks.length, 1);
});

test('only firms of the growth tier and up have webhooks, by a secret key with the scope', async (t) => {
  const { server, partner } = await startWebhookFirm(t);
  const starter = await makePartner(server.database, 'starter');
  const asked = async (key: string) => {
    const { status, body } = await api(server, key).post('webhooks', { url });
    return `${status} ${body.code}`;
  };
  assert.equal(await asked(starter.key), '403 tier_required');
  assert.equal(await asked(await partner.newKey(['stats:read'])), '403 missing_scope');
  assert.equal(await asked(await partner.newKey(['embed:read'])), '403 publishable_key');
  assert.equal((await server.get(`/api/partner/webhooks?api_key=${partner.key}`)).status, 401);
});

test('a firm has five webhooks at most, however many are created at once by several servers', async (t) => {
  const { server, partner, ask } = await startWebhookFirm(t);
  await using beside = await serveBeside(server);
  const asks = [ask, api(beside, partner.key)];
  const made = await inParallel(40, async (turn) => {
    const { status, body } = await asks[turn % 2]!.post('webhooks', { url });
    return `${status} ${body.code ?? ''}`;
  });
  assert.equal(made.filter((each) => each === '201 ').length, 5);
  assert.equal(made.filter((each) => each === '400 too_many_webhooks').length, 35);
  const { webhooks, limit } = (await ask.get<WebhooksAnswer>('webhooks')).body;
  assert.equal(limit, 5);
  await ask.delete(`webhooks/${webhooks[0]!.id}`);
  assert.equal((await ask.post('webhooks', { url })).status, 201);
});

test('no secret of a webhook, and no more of its address than the host, is stored readable or recorded', async (t) => {
  const { server, ask } = await startWebhookFirm(t);
  const address = 'https://hooks.example.com/T0KEN/path?key=T0KEN';
  const { body } = await ask.post<NewWebhookAnswer>('webhooks', { url: address });
  const { id } = body;
  const rotate = `webhooks/${id}/rotate-secret`;
  const first = await ask.post<RotatedSecretAnswer>(rotate, { overlap_seconds: 60 });
  await ask.delete(rotate);
  await ask.patch(`webhooks/${id}`, { url: `${address}2` });
  await ask.delete(`webhooks/${id}`);
  const secrets = [body.secret, first.body.secret];
  const text = await textOfTables(server.database);
  for (const secret of secrets) assert.ok(!text.includes(secret.slice(6)));
  const audit = await ask.get<AuditAnswer>('audit');
  assert.deepEqual(
    audit.body.entries.filter(({ subject }) => subject === id).map(({ action }) => action),
    [
      ...['webhook.deleted', 'webhook.changed', 'webhook.old_secret_ended'],
      ...['webhook.secret_rotated', 'webhook.created'],
    ],
  );
  assert.ok(!audit.text.includes('T0KEN'));
  assert.ok(audit.text.includes('hooks.example.com'));
});

test('what is sent is signed as documented and as Standard Webhooks has it', async (t) => {
  const firm = await startWebhookFirm(t, { now: Date.now() });
  const { webhook, receiver } = await firm.subscribe();
  await firm.happen(1);
  await firm.server.deliver();
  const [received] = receiver.received as [Received];
  const { headers, body } = received;
  assert.equal(headers['x-proptally-signature'], signatureOf(webhook.secret, received));
  assert.deepEqual(verify(webhook.secret, received), JSON.parse(body));
  assert.throws(() => verify(webhook.secret, { ...received, body: `${body} ` }));
  assert.equal(headers['x-proptally-event'], 'trade.created');
  assert.equal(headers['user-agent'], 'PropTally-Webhooks/1.0');
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['webhook-timestamp'], String(Math.floor(firm.server.clock.now / 1_000)));
  const { events } = (await firm.ask.get<{ events: object[] }>('events')).body;
  const { id, ...told } = events[0] as { id: string };
  assert.equal(headers['webhook-id'], id);
  assert.equal(body, JSON.stringify(told));
});

test('a rotated secret signs at once; during an overlap both do, and the old one alone in the older header', async (t) => {
  const firm = await startWebhookFirm(t, { now: Date.now() });
  const { webhook, receiver } = await firm.subscribe();
  const rotate = async (body = {}) =>
    firm.ask.post<RotatedSecretAnswer>(`webhooks/${webhook.id}/rotate-secret`, body);
  const next = async () => {
    await firm.happen(1);
    await firm.server.deliver();
    return receiver.received.at(-1)!;
  };
  const second1 = (await rotate()).body;
  assert.equal(second1.old_secret_expires_at, null);
  let sent = await next();
  verify(second1.secret, sent);
  assert.throws(() => verify(webhook.secret, sent));
  assert.equal(sent.headers['x-proptally-signature'], signatureOf(second1.secret, sent));

  const third = (await rotate({ overlap_seconds: 60 })).body;
  assert.equal(third.old_secret_expires_at, firm.server.clock.now + 60 * second);
  sent = await next();
  verify(second1.secret, sent);
  verify(third.secret, sent);
  assert.equal(sent.headers['x-proptally-signature'], signatureOf(second1.secret, sent));
  const again = await rotate();
  assert.equal(`${again.status}`, '409');
  firm.server.clock.now += 60 * second;
  sent = await next();
  assert.throws(() => verify(second1.secret, sent));
  verify(third.secret, sent);
  assert.equal(sent.headers['x-proptally-signature'], signatureOf(third.secret, sent));

  const fourth = (await rotate({ overlap_seconds: 3_600 })).body;
  const path = `webhooks/${webhook.id}/rotate-secret`;
  assert.deepEqual((await firm.ask.delete(path)).body, { success: true });
  assert.equal((await firm.ask.delete(path)).status, 404);
  sent = await next();
  assert.throws(() => verify(third.secret, sent));
  assert.equal(sent.headers['x-proptally-signature'], signatureOf(fourth.secret, sent));
  assert.equal((await rotate({ overlap_seconds: (25 * hour) / second })).status, 400);
});

test('a secret is rotated by a request without a body, too', async (t) => {
  const firm = await startWebhookFirm(t);
  const { webhook } = await firm.subscribe();
  const address = `${firm.server.address}/api/partner/webhooks/${webhook.id}/rotate-secret`;
  const headers = { 'X-API-Key': firm.partner.key };
  assert.equal((await fetch(address, { method: 'POST', headers })).status, 200);
});

test('a test is sent at once, also to a paused webhook, and tells how it went; it is no event', async (t) => {
  const firm = await startWebhookFirm(t, { now: Date.now() });
  const { webhook, receiver, change, deliveries, read } = await firm.subscribe();
  await change({ is_active: false });
  const send = () => firm.ask.post<DeliveryAnswer>(`webhooks/${webhook.id}/test`);
  const { body, status } = await send();
  assert.equal(status, 200);
  const [received] = receiver.received as [Received];
  assert.equal(received.headers['x-proptally-event'], 'test');
  verify(webhook.secret, received);
  assert.deepEqual(JSON.parse(received.body), {
    event: 'test',
    timestamp: new Date(firm.server.clock.now).toISOString(),
    data: { webhook_id: webhook.id },
  });
  assert.deepEqual([body.event, body.state, body.attempts[0]!.status], ['test', 'delivered', 200]);
  assert.equal(body.attempts[0]!.answer, 'thanks');
  receiver.close();
  firm.server.clock.now += second;
  const failed = (await send()).body;
  assert.deepEqual([failed.state, failed.attempts[0]!.error], ['failed', 'connection_refused']);
  assert.deepEqual(await deliveries(), [failed, body]);
  assert.equal((await read()).failure_count, 0);
  assert.deepEqual((await firm.ask.get<{ events: [] }>('events')).body.events, []);
  const replayed = await firm.ask.post(`webhooks/${webhook.id}/deliveries/${body.id}/replay`);
  assert.equal(replayed.status, 409);
});

test('one test at a time is on its way to a webhook', async (t) => {
  const firm = await startWebhookFirm(t);
  const { webhook, receiver } = await firm.subscribe();
  const answers: (() => void)[] = [];
  receiver.answer = (response) => answers.push(() => response.end());
  const send = () => firm.ask.post(`webhooks/${webhook.id}/test`);
  const first = send();
  while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const { status, headers } = await send();
  assert.deepEqual([status, headers.get('retry-after')], [429, '1']);
  for (const answer of answers) answer();
  assert.equal((await first).status, 200);
});

test('a server that sends nothing refuses tests, and keeps what is owed for one that does', async (t) => {
  const off = await startWebhookFirm(t, { sender: null });
  const { webhook, numbers } = await off.subscribe();
  await off.happen(3);
  await off.server.deliver();
  const { status, body } = await off.ask.post(`webhooks/${webhook.id}/test`);
  assert.equal(`${status} ${body.code}`, '409 webhooks_off');
  assert.deepEqual(numbers(), []);
  await using on = await serveBeside(off.server);
  await on.deliver();
  assert.deepEqual(numbers().toSorted(), [1, 2, 3]);
});
