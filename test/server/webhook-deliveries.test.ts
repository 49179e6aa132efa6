import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sender } from '../../server/events/send.ts';
import type { AuditAnswer } from '../../shared/answers/audit.ts';
import type { DeliveryAnswer, ReplayAnswer } from '../../shared/answers/webhooks.ts';
import { day, hour, minute, second } from '../../shared/time.ts';
import { pauses } from '../../shared/webhooks.ts';
import { serveBeside } from '../support/beside.ts';
import { raise, someEvents } from '../support/events.ts';
import { startNameServer } from '../support/name-server.ts';
import { answering, startReceiver } from '../support/receiver.ts';
import { testNow } from '../support/server.ts';
import { webhookAllow } from '../support/threads.ts';
import { startWebhookFirm } from '../support/webhooks.ts';

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const idsOf = (received: readonly { headers: { [name: string]: unknown } }[]) =>
  received.map(({ headers }) => headers['webhook-id']);

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

test('each event of its types arrives at a webhook once, in order, and none from before', async (t) => {
  const { server, partner, happen, subscribe } = await startWebhookFirm(t);
  await happen(2);
  const all = await subscribe();
  const some = await subscribe({ events: ['account.created'] });
  await happen(30);
  await raise(server.database, partner.id, someEvents(1, 33, 'account.created'));
  await server.deliver();
  assert.deepEqual(
    all.numbers().toSorted((a, b) => a - b),
    numbers(3, 32),
  );
  assert.deepEqual(some.numbers(), [33]);
  const listed = await all.deliveries('limit=100');
  assert.deepEqual(
    idsOf(all.receiver.received).toSorted(),
    listed.map((each) => each.event_id).toSorted(),
  );
  // Their order of arrival is not promised, but that in which they are begun is.
  const { events } = (await (
    await server.get('/api/partner/events?limit=100', { 'X-API-Key': partner.key })
  ).json()) as { events: { id: string }[] };
  assert.deepEqual(
    listed.map((each) => each.event_id).reverse(),
    events.slice(2, 32).map(({ id }) => id),
  );
});

test('at most ten deliveries are on their way to a webhook at once', async (t) => {
  const { server, happen, subscribe } = await startWebhookFirm(t);
  const { receiver } = await subscribe();
  const open: ServerResponse[] = [];
  receiver.answer = (response) => open.push(response);
  await happen(50);
  const delivered = server.deliver();
  for (let answered = 0; answered < 50; answered++) {
    await until(() => open.length > 0);
    if (answered === 0) await sleep(200);
    open.shift()!.end();
  }
  await delivered;
  assert.equal(receiver.mostAtOnce(), 10);
});

test('what fails is tried again with the same id and bytes, after longer and longer pauses, ten times', async (t) => {
  const { happen, pass, subscribe, ask, server } = await startWebhookFirm(t);
  const { webhook, receiver, deliveries, read } = await subscribe();
  receiver.answer = answering(500, {}, 'no');
  await happen(1);
  await pass(0);
  assert.deepEqual(pauses, [
    5 * second,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    day,
  ]);
  for (const [index, pause] of pauses.entries()) {
    const [{ next_attempt_at }] = (await deliveries()) as [DeliveryAnswer];
    const wait = next_attempt_at! - server.clock.now;
    assert.ok(wait >= 0.8 * pause && wait <= 1.2 * pause, `${wait} for ${pause}`);
    await pass(wait - 200);
    assert.equal(receiver.received.length, index + 1, 'tried too early');
    await pass(200);
    assert.equal(receiver.received.length, index + 2);
  }
  await pass(10 * day);
  assert.equal(receiver.received.length, 10);
  const [failed] = (await deliveries()) as [DeliveryAnswer];
  assert.deepEqual([failed.state, failed.next_attempt_at], ['failed', null]);
  assert.deepEqual(
    failed.attempts.map(({ status, answer }) => `${status} ${answer}`),
    Array(10).fill('500 no'),
  );
  assert.equal(new Set(idsOf(receiver.received)).size, 1);
  assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
  assert.equal((await read()).failure_count, 10);
  // Each attempt is signed with its own time.
  assert.equal(
    new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size,
    10,
  );

  receiver.answer = answering(204);
  const replayed = await ask.post<DeliveryAnswer>(
    `webhooks/${webhook.id}/deliveries/${failed.id}/replay`,
  );
  assert.deepEqual([replayed.status, replayed.body.state], [200, 'waiting']);
  await pass(0);
  assert.equal(new Set(idsOf(receiver.received)).size, 1);
  assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
  assert.equal((await deliveries())[0]!.state, 'delivered');
  assert.equal((await read()).failure_count, 0);
});

test('pauses differ from one delivery to the next', async (t) => {
  const { happen, pass, subscribe } = await startWebhookFirm(t);
  const { receiver, deliveries } = await subscribe();
  receiver.answer = answering(500);
  await happen(10);
  await pass(0);
  await until(() => receiver.received.length === 10);
  const next = (await deliveries()).map(({ next_attempt_at }) => next_attempt_at);
  assert.ok(new Set(next).size > 5);
});

test('while a webhook fails, one delivery at a time tries it; the first success lets all go', async (t) => {
  const { happen, pass, subscribe } = await startWebhookFirm(t);
  const { receiver, numbers: arrived } = await subscribe();
  receiver.answer = answering(503);
  await happen(1);
  await pass(0);
  let open = 0;
  receiver.answer = async (response) => {
    assert.equal(++open, 1);
    await sleep(20);
    open--;
    response.writeHead(503).end();
  };
  await happen(40);
  for (let turn = 0; turn < 8; turn++) await pass(minute);
  const tried = receiver.received.length;
  assert.ok(tried > 8 && tried < 30, `${tried} attempts`);
  receiver.answer = async (response) => {
    await sleep(20);
    response.end();
  };
  for (let turn = 0; turn < 3; turn++) await pass(day);
  assert.deepEqual(
    [...new Set(arrived())].toSorted((a, b) => a - b),
    numbers(1, 41),
  );
  assert.ok(receiver.mostAtOnce() > 1);
});

test('Retry-After is respected, as seconds or as a date, up to a day, and never shortens a pause', async (t) => {
  const { happen, pass, subscribe, server } = await startWebhookFirm(t);
  const date = new Date(testNow + 20 * minute).toUTCString();
  const asked: [string, number, number][] = [
    ['3600', hour, hour],
    [date, 20 * minute, 20 * minute],
    ['9999999999', day, day],
    ...['1', '0', '-5', 'soon', ''].map((text): [string, number, number] => [
      text,
      4 * second,
      6 * second,
    ]),
  ];
  for (const [header, least, most] of asked) {
    const { receiver, deliveries, webhook } = await subscribe();
    receiver.answer = answering(429, { 'Retry-After': header });
    await happen(1);
    await pass(0);
    const wait = (await deliveries())[0]!.next_attempt_at! - server.clock.now;
    assert.ok(wait >= least && wait <= most, `${header}: ${wait}`);
    // The whole webhook is left in peace.
    if (least > minute) {
      await happen(1);
      await pass(0);
      assert.equal(receiver.received.length, 1, header);
    }
    await server.database.write.deleteFrom('webhooks').where('id', '=', webhook.id).execute();
  }
});

test('Retry-After is respected though something that was on its way succeeds, or is sent again', async (t) => {
  const { happen, pass, subscribe, ask } = await startWebhookFirm(t);
  const { receiver, webhook, deliveries } = await subscribe();
  receiver.answer = async (response, { body }) => {
    const { number } = JSON.parse(body).data;
    if (number === 1) return answering(429, { 'Retry-After': '3600' })(response);
    await sleep(50);
    response.end();
  };
  await happen(20);
  await pass(0);
  assert.equal(receiver.received.length, 10);
  const [done] = await deliveries('state=delivered&limit=1');
  await ask.post(`webhooks/${webhook.id}/deliveries/${done!.id}/replay`);
  await pass(59 * minute);
  assert.equal(receiver.received.length, 10);
  receiver.answer = answering(200);
  await pass(minute);
  assert.equal(receiver.received.length, 22);
});

test('an answer of 410 disables a webhook at once, and is in the audit trail', async (t) => {
  const { happen, pass, subscribe, ask, server } = await startWebhookFirm(t);
  const { receiver, read, webhook, change, numbers: arrived } = await subscribe();
  receiver.answer = answering(410);
  await happen(1);
  await pass(0);
  assert.equal((await read()).is_active, false);
  const { entries } = (await ask.get<AuditAnswer>('audit')).body;
  const { actor, action, subject, details } = entries[0]!;
  assert.deepEqual(
    { actor, action, subject, details },
    {
      actor: { type: 'server', id: null, name: null, key_id: null },
      ...{ action: 'webhook.disabled', subject: webhook.id, details: { reason: 'gone' } },
    },
  );
  receiver.answer = answering(200);
  // What happens meanwhile is not owed; what waited goes out once it is active again.
  await happen(1);
  await pass(day);
  await change({ is_active: true });
  await happen(1);
  await pass(0);
  assert.deepEqual(arrived(), [1, 1, 3]);
  assert.equal(server.mails.length, 0);
});

test('five days of nothing but failure disable a webhook, with one mail; a success begins anew', async (t) => {
  const { happen, pass, subscribe, server, partner } = await startWebhookFirm(t);
  const { receiver, read, webhook } = await subscribe();
  await server.tick();
  const days = async (count: number) => {
    for (let turn = 0; turn < count * 4; turn++) {
      server.clock.now += 6 * hour;
      await server.tick();
      await happen(1);
      await pass(0);
    }
  };
  receiver.answer = answering(500);
  await days(4);
  assert.equal((await read()).is_active, true);
  receiver.answer = answering(200);
  await days(1);
  receiver.answer = answering(500);
  await days(4);
  assert.equal((await read()).is_active, true);
  await days(2);
  assert.equal((await read()).is_active, false);
  await server.tick();
  await days(1);
  assert.equal(server.mails.length, 1);
  const [{ to, subject, text }] = server.mails as [(typeof server.mails)[0]];
  assert.equal(to, partner.email);
  assert.match(subject, /^A webhook of Firm \d+ was disabled$/);
  assert.ok(text.includes(webhook.id) && text.includes('127.0.0.1') && !text.includes('/hook'));
});

test('a time in which nothing was tried is none of failure', async (t) => {
  const { happen, pass, subscribe, server, partner } = await startWebhookFirm(t);
  const { receiver, read } = await subscribe();
  await server.tick();
  receiver.answer = answering(500);
  await happen(1);
  await pass(0);
  await partner.set({ is_active: 0 });
  for (let turn = 0; turn < 12; turn++) {
    server.clock.now += 12 * hour;
    await server.tick();
  }
  await partner.set({ is_active: 1 });
  await pass(0);
  const { is_active, failure_count } = await read();
  assert.deepEqual([is_active, failure_count], [true, 2]);
});

test('what happens after a clock was some hours ahead is sent at once', async (t) => {
  const { happen, pass, subscribe, server } = await startWebhookFirm(t);
  const { receiver, numbers: arrived } = await subscribe();
  server.clock.now = testNow + 20 * hour;
  receiver.answer = answering(500);
  await happen(1);
  await pass(0);
  server.clock.now = testNow;
  receiver.answer = answering(200);
  await happen(2);
  await pass(0);
  assert.deepEqual(arrived().slice(1).toSorted(), [2, 3]);
});

test('a clock that is ahead for a while disables nothing, and what it put off is sent', async (t) => {
  const { happen, pass, subscribe, server } = await startWebhookFirm(t);
  const { receiver, read, numbers: arrived } = await subscribe();
  await server.tick();
  receiver.answer = answering(500, { 'Retry-After': '86400' });
  await happen(1);
  await pass(0);
  await pass(1_000 * day);
  assert.equal((await read()).is_active, true);
  server.clock.now = testNow + minute;
  receiver.answer = answering(200);
  await happen(1);
  await pass(2 * day);
  assert.deepEqual(arrived().slice(-2).toSorted(), [1, 2]);
});

test('a paused webhook is sent what it was owed when it is resumed, and not what happened meanwhile', async (t) => {
  const { happen, pass, subscribe } = await startWebhookFirm(t);
  const { change, numbers: arrived } = await subscribe();
  await happen(3);
  await change({ is_active: false });
  await happen(3);
  await pass(day);
  assert.deepEqual(arrived(), []);
  await change({ is_active: true });
  await happen(2);
  await change({ is_active: false });
  await change({ is_active: true });
  await happen(1);
  await pass(0);
  assert.deepEqual(arrived().toSorted(), [1, 2, 3, 7, 8, 9]);
});

test('other types count from the change on, for what happens then', async (t) => {
  const { happen, pass, subscribe, server, partner } = await startWebhookFirm(t);
  const { change, numbers: arrived } = await subscribe();
  await happen(2);
  await change({ events: ['daily_summary'] });
  await happen(2);
  await raise(server.database, partner.id, someEvents(1, 100, 'account.created'));
  await change({ events: ['account.created', 'trade.created'] });
  await happen(1);
  await pass(0);
  assert.deepEqual(arrived().toSorted(), [1, 2, 5]);
});

test('a firm that is deactivated or loses the tier is sent nothing more; what it was owed, once it may again', async (t) => {
  for (const [without, again] of [
    [{ is_active: 0 }, { is_active: 1 }],
    [{ tier: 'starter' }, { tier: 'growth' }],
  ] as const) {
    const { happen, pass, subscribe, partner } = await startWebhookFirm(t);
    const { numbers: arrived } = await subscribe();
    await happen(3);
    await partner.set(without);
    await happen(3);
    await pass(hour);
    assert.deepEqual(arrived(), []);
    await partner.set(again);
    await happen(1);
    await pass(0);
    assert.deepEqual(arrived().toSorted(), [1, 2, 3, 7]);
  }
});

test('what was handed out ahead is not begun after a change: a pause, another secret or URL, a smaller tier', async (t) => {
  const { happen, subscribe, server, partner, ask } = await startWebhookFirm(t);
  const { receiver, change, webhook, numbers: arrived } = await subscribe();
  receiver.answer = async (response) => {
    await sleep(40);
    response.end();
  };
  await happen(200);
  const changes: [() => Promise<unknown>, () => Promise<unknown>][] = [
    [() => change({ is_active: false }), () => change({ is_active: true })],
    [() => partner.set({ tier: 'starter' }), () => partner.set({ tier: 'growth' })],
  ];
  for (const [end, begin] of changes) {
    const before = receiver.received.length;
    const delivered = server.deliver();
    await until(() => receiver.received.length > before + 12);
    await end();
    await sleep(10);
    const begun = receiver.received.length;
    await delivered;
    assert.equal(receiver.received.length, begun);
    await begin();
  }
  const delivered = server.deliver();
  const before = receiver.received.length;
  await until(() => receiver.received.length > before + 12);
  const { secret } = (await ask.post<{ secret: string }>(`webhooks/${webhook.id}/rotate-secret`))
    .body;
  await sleep(10);
  const begun = receiver.received.length;
  await delivered;
  for (const { headers, body } of receiver.received.slice(begun))
    assert.equal(
      headers['x-proptally-signature'],
      createHmac('sha256', secret).update(body).digest('hex'),
    );
  assert.deepEqual(
    arrived().toSorted((a, b) => a - b),
    numbers(1, 200),
  );
});

test('what was begun before a firm was deactivated is not sent after it, however long connecting takes', async (t) => {
  let isResolved = () => {};
  const resolved = new Promise<void>((resolve) => {
    isResolved = resolve;
  });
  const nameServer = await startNameServer(t, async () => {
    await resolved;
    return ['127.0.0.1'];
  });
  const sender = new Sender({ allowed: webhookAllow, nameServers: [nameServer] });
  const { happen, subscribe, server, partner } = await startWebhookFirm(t, { sender });
  const receiver = await startReceiver(t);
  const url = receiver.url.replace('127.0.0.1', 'slow.example');
  const { numbers: arrived } = await subscribe({ url }, receiver);
  await happen(1);
  const delivered = server.deliver();
  await sleep(700);
  await partner.set({ is_active: 0 });
  isResolved();
  await delivered;
  assert.deepEqual(arrived(), []);
  await partner.set({ is_active: 1 });
  server.clock.now += second;
  await server.deliver();
  assert.deepEqual(arrived(), [1]);
});

test('a server that closes a connection after its answer is no failing one', async (t) => {
  const { happen, server, subscribe } = await startWebhookFirm(t);
  const { receiver, read, deliveries } = await subscribe();
  receiver.answer = (response) => {
    const { socket } = response;
    response.end('thanks', () => setTimeout(() => socket!.destroy(), 2));
  };
  await happen(300);
  await server.deliver();
  const attempts = (await deliveries('limit=100')).flatMap((each) => each.attempts);
  assert.deepEqual([...new Set(attempts.map(({ error }) => error))], [null]);
  assert.equal((await read()).failure_count, 0);
});

test('what arrives while a server stops is not sent again by the next one', async (t) => {
  const { happen, server, subscribe } = await startWebhookFirm(t);
  const { receiver, numbers: arrived } = await subscribe();
  receiver.answer = async (response) => {
    await sleep(200);
    response.end();
  };
  await happen(15);
  void server.deliver();
  await until(() => receiver.received.length === 10);
  await server.stop();
  assert.equal(receiver.received.length, 10);
  await using next = await serveBeside(server);
  await next.deliver();
  assert.deepEqual(
    arrived().toSorted((a, b) => a - b),
    numbers(1, 15),
  );
});

test('a dead or slow webhook delays no other, however much waits for it', async (t) => {
  const { happen, server, subscribe } = await startWebhookFirm(t);
  const hanging = await subscribe();
  hanging.receiver.answer = () => {};
  const dead = await subscribe();
  dead.receiver.close();
  const healthy = await subscribe();
  await happen(1_000);
  void server.deliver();
  const begun = performance.now();
  await until(() => healthy.receiver.received.length === 1_000);
  const took = performance.now() - begun;
  t.diagnostic(`1,000 events in ${Math.round(took)} ms`);
  await happen(1);
  const later = performance.now();
  while (healthy.receiver.received.length < 1_001) {
    void server.deliver();
    await sleep(5);
  }
  assert.ok(performance.now() - later < 1_000);
  assert.equal(hanging.receiver.mostAtOnce(), 10);
  hanging.receiver.close();
});

test('several servers on one database deliver each event once between them', async (t) => {
  const { happen, server, subscribe } = await startWebhookFirm(t);
  const subscribed = await Promise.all([1, 2, 3].map(() => subscribe()));
  await using beside = await serveBeside(server);
  for (let turn = 0; turn < 20; turn++) {
    await happen(10);
    void beside.deliver();
    void server.deliver();
    await sleep(10);
  }
  await Promise.all([beside.deliver(), server.deliver()]);
  for (const { numbers: arrived } of subscribed)
    assert.deepEqual(
      arrived().toSorted((a, b) => a - b),
      numbers(1, 200),
    );
});

test('what was on its way from a server that was killed is sent again by another, as it was', async (t) => {
  const { happen, pass, server, subscribe } = await startWebhookFirm(t);
  const { receiver, numbers: arrived, webhook } = await subscribe();
  await happen(12);
  // As a server leaves it that was killed after it had begun ten.
  await server.deliver();
  await server.database.write.deleteFrom('deliveries').where('number', '<=', 10).execute();
  await server.database.write
    .updateTable('webhooks')
    .set({ next_event: 1, leased_by: 'another', leased_until: testNow + 8 * second, due_at: 0 })
    .where('id', '=', webhook.id)
    .execute();
  await pass(7 * second);
  assert.equal(receiver.received.length, 12);
  await pass(1 * second);
  // One that could not write for a while would go on with it.
  assert.equal(receiver.received.length, 12);
  await sleep(1_100);
  await pass(second);
  assert.deepEqual(
    arrived()
      .slice(12)
      .toSorted((a, b) => a - b),
    numbers(1, 10),
  );
  assert.equal(
    new Set(receiver.received.map(({ headers, body }) => headers['webhook-id'] + body)).size,
    12,
  );
});

test('a range of time is sent again, all of it or what failed, a thousand deliveries a request', async (t) => {
  const { happen, pass, subscribe, ask, server } = await startWebhookFirm(t);
  const { webhook, receiver, numbers: arrived, deliveries } = await subscribe();
  await happen(1_100);
  await pass(minute);
  receiver.answer = answering(410);
  await happen(2);
  await pass(0);
  receiver.received.length = 0;
  receiver.answer = answering(200);
  const replay = (body: object, cursor = '') =>
    ask.post<ReplayAnswer>(`webhooks/${webhook.id}/replay${cursor}`, body);
  const range = { from: testNow, to: testNow + minute };
  const first = (await replay(range)).body;
  assert.equal(first.replayed, 1_000);
  const rest = (await replay(range, `?cursor=${first.next}`)).body;
  assert.deepEqual(rest, { replayed: 100, next: null });
  assert.deepEqual(
    (await replay({ from: testNow, state: 'failed' }, `?cursor=${first.next}`)).body,
    {
      ...{ replayed: 0, next: null },
    },
  );
  // It is paused, as it answered 410.
  await pass(0);
  assert.equal(receiver.received.length, 0);
  await ask.patch(`webhooks/${webhook.id}`, { is_active: true });
  await pass(0);
  assert.deepEqual(
    [...new Set(arrived())].toSorted((a, b) => a - b),
    numbers(1, 1_102),
  );
  assert.equal(receiver.received.length, 1_102);
  assert.equal((await deliveries('state=delivered&limit=100')).length, 100);
  assert.equal((await replay({ from: server.clock.now + 1 })).body.replayed, 0);
});

test('deliveries are listed by cursor, each once, also those in one state alone', async (t) => {
  const { happen, pass, subscribe, ask } = await startWebhookFirm(t);
  const { webhook, receiver } = await subscribe();
  receiver.answer = (response, { body }) =>
    answering(JSON.parse(body).data.number % 7 === 0 ? 400 : 200)(response);
  await happen(60);
  for (let turn = 0; turn < 200; turn++) await pass(minute);
  for (const [state, count] of [
    ['', 60],
    ['&state=delivered', 52],
    ['&state=waiting', 8],
    ['&state=canceled', 0],
  ] as const) {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { deliveries: DeliveryAnswer[]; next: string | null } = (
        await ask.get<{ deliveries: DeliveryAnswer[]; next: string | null }>(
          `webhooks/${webhook.id}/deliveries?limit=7${state}${cursor && `&cursor=${cursor}`}`,
        )
      ).body;
      ids.push(...page.deliveries.map(({ id }) => id));
      cursor = page.next;
    }
    assert.equal(ids.length, count, state);
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => Number(b.slice(4)) - Number(a.slice(4))),
    );
    assert.equal(new Set(ids).size, count);
  }
});

test('of an answer 16 KB are kept, whatever it is; a long one is cut off, and a redirect is not followed', async (t) => {
  const { happen, pass, subscribe } = await startWebhookFirm(t);
  const elsewhere = await startReceiver(t);
  const { receiver, deliveries } = await subscribe();
  const sent = async (answer: (response: ServerResponse) => void) => {
    receiver.answer = answer;
    await happen(1);
    await pass(2 * minute);
    return (await deliveries('limit=1'))[0]!.attempts.at(-1)!;
  };
  assert.equal((await sent(answering(200, {}, 'ab€'.repeat(10_000)))).answer!.length, 9_830);
  const endless = await sent((response) => {
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.on('drain', write).on('error', () => {});
    write();
  });
  assert.deepEqual([endless.status, endless.answer!.length], [200, 16_384]);
  assert.equal((await sent(answering(200, {}, '\0\u{1F600}'))).answer, '\0\u{1F600}');
  const binary = await sent((response) => response.end(Buffer.from([0xff, 0xfe, 0x41])));
  assert.equal(binary.answer, '��A');
  const moved = await sent(answering(307, { Location: elsewhere.url }));
  assert.equal(moved.status, 307);
  assert.equal(elsewhere.received.length, 0);
  receiver.answer = answering(200);
  await pass(hour);
});

test('no answer makes an attempt take longer than ten seconds, or the server more than one', {
  timeout: 60_000,
}, async (t) => {
  const { happen, server, subscribe, partner } = await startWebhookFirm(t);
  const lies: [string, string, (response: ServerResponse) => void][] = [
    ['never', 'timeout', () => {}],
    [
      'drips',
      'timeout',
      (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'), 200);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'interim answers without end',
      'invalid_answer',
      (response) => {
        const timer = setInterval(() => response.writeProcessing(), 5);
        response.on('close', () => clearInterval(timer));
      },
    ],
    ['no HTTP', 'invalid_answer', (response) => response.socket!.write('SSH-2.0-x\r\n\r\n')],
    [
      'endless headers',
      'invalid_answer',
      (response) => response.socket!.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`),
    ],
  ];
  const subscribed = await Promise.all(
    lies.map(async ([, , answer]) => {
      const each = await subscribe();
      each.receiver.answer = answer;
      return each;
    }),
  );
  await happen(1);
  const begun = performance.now();
  const delivered = server.deliver();
  let longest = 0;
  while (performance.now() - begun < 3_000) {
    const asked = performance.now();
    await server.get('/api/partner/stats', { 'X-API-Key': partner.key });
    longest = Math.max(longest, performance.now() - asked);
    await sleep(20);
  }
  await delivered;
  assert.ok(performance.now() - begun < 12_000);
  assert.ok(longest < 500, `${longest} ms`);
  for (const [index, [what, problem]] of lies.entries()) {
    const [{ attempts }] = (await subscribed[index]!.deliveries()) as [DeliveryAnswer];
    assert.equal(attempts[0]!.error, problem, what);
    assert.ok(attempts[0]!.duration_ms < 10_500);
    subscribed[index]!.receiver.close();
  }
});

test('what is erased before it could be delivered is not delivered, and no answer repeats it', async (t) => {
  const { pass, subscribe, ask, server, partner } = await startWebhookFirm(t);
  const { receiver, deliveries, change } = await subscribe({
    events: ['account.updated', 'daily_summary'],
  });
  const [gone, stays] = [await partner.newAccount(), await partner.newAccount()];
  const updated = (account_id: string) => ({
    ...{ type: 'account.updated' as const, accountId: account_id },
    data: { account_id, changes: ['nickname'] },
  });
  const entry = (account_id: string) => ({ account_id, trades: 0, pnl: 0, win_rate: 0 });
  const summary = {
    ...{ type: 'daily_summary' as const, accountId: null },
    data: {
      ...{ date: '2026-11-20', accounts: [entry(gone), entry(stays)] },
      totals: { trades: 0, pnl: 0 },
    },
  };
  // It answers with what it was sent, once well and once badly.
  receiver.answer = (response, { body }) =>
    answering(200, {}, `${body} thanks`.repeat(3))(response);
  await raise(server.database, partner.id, [updated(gone), updated(stays)]);
  await pass(0);
  receiver.answer = (response, { body }) => answering(500, {}, body)(response);
  await raise(server.database, partner.id, [updated(gone), summary]);
  await pass(0);
  await raise(server.database, partner.id, [updated(gone), updated(stays)]);
  assert.equal((await ask.delete(`accounts/${gone}`)).status, 200);
  receiver.answer = answering(200);
  receiver.received.length = 0;
  // Before the end of the day, of which the server would tell.
  for (let turn = 0; turn < 5; turn++) {
    await pass(30 * minute);
    await server.tick();
  }
  await change({ is_active: true });
  assert.ok(
    receiver.received.every(({ body }) => !body.includes(`"${gone}","changes":["nickname"]`)),
  );
  const states = (await deliveries()).map(({ event, state }) => `${event} ${state}`);
  // The last one tells that the account was deleted.
  assert.deepEqual(states, [
    ...['account.updated delivered', 'account.updated delivered', 'daily_summary canceled'],
    ...['account.updated canceled', 'account.updated delivered', 'account.updated delivered'],
  ]);
  const shown = JSON.stringify(await deliveries());
  assert.ok(!shown.includes(gone), shown);
  assert.ok(shown.includes(stays));
});

test('a webhook whose secret another server secret encrypted is not tried, until its secret is rotated', async (t) => {
  const { happen, pass, subscribe, ask, server } = await startWebhookFirm(t);
  const { webhook, numbers: arrived } = await subscribe();
  await server.database.write
    .updateTable('webhooks')
    .set({ secret: Buffer.alloc(60, 7) })
    .execute();
  await happen(2);
  for (let turn = 0; turn < 3; turn++) await pass(day);
  assert.deepEqual(arrived(), []);
  await ask.post(`webhooks/${webhook.id}/rotate-secret`);
  await pass(0);
  assert.deepEqual(arrived().toSorted(), [1, 2]);
});

test('what was delivered is listed for thirty days; of a deleted webhook nothing is left', async (t) => {
  const { happen, pass, subscribe, ask, server } = await startWebhookFirm(t);
  const kept = await subscribe();
  const deleted = await subscribe();
  await server.tick();
  await happen(5);
  await pass(0);
  await ask.delete(`webhooks/${deleted.webhook.id}`);
  await server.tick();
  const rows = (table: 'webhooks' | 'deliveries') =>
    server.database.handle.prepare(`select count(*) from ${table}`).pluck().get();
  assert.deepEqual([rows('webhooks'), rows('deliveries')], [1, 5]);
  for (let turn = 0; turn < 60; turn++) {
    server.clock.now += 12 * hour;
    await server.tick();
  }
  assert.equal((await kept.deliveries()).length, 5);
  server.clock.now += 12 * hour;
  await server.tick();
  assert.equal((await kept.deliveries()).length, 0);
  assert.equal(rows('deliveries'), 0);
});
