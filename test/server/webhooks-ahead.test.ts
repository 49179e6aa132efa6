import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../server/events/attempts.ts';
import type { Writer } from '../../server/threads/writer-thread.ts';
import { writerThread } from '../support/threads.ts';
import { startWebhookFirm } from '../support/webhooks.ts';

const done: Outcome = { status: 200, problem: null, duration: 1, answer: '', retryAfter: null };

interface Begun {
  number: number;
  end(outcome: Outcome): void;
}

/**
 * Starts a firm with a webhook and 200 events, whose attempts end when the test says so; also the
 * operations that hand deliveries out can be held up.
 */
async function startHeld(t: TestContext) {
  const begun: Begun[] = [];
  let held: Promise<void> | null = null;
  let release = () => {};
  const writer: Writer = {
    run: async (database, operation, how) => {
      if (operation.kind === 'dispatch') await held;
      return writerThread.run(database, operation, how);
    },
  };
  const sender = {
    send: ({ body }: { body: string }) =>
      new Promise<Outcome>((end) => begun.push({ number: JSON.parse(body).data.number, end })),
  };
  const { server, happen, subscribe } = await startWebhookFirm(t, { writer, sender });
  await subscribe();
  await happen(200);
  const timer = setInterval(() => void server.deliver(), 5);
  t.after(() => {
    clearInterval(timer);
    for (const { end } of begun) end(done);
  });
  const reach = async (count: number) => {
    while (begun.length < count) await sleep(5);
    await sleep(30);
  };
  await reach(10);
  for (const { end } of begun.slice(0, 5)) end(done);
  await reach(15);
  held = new Promise((resolve) => {
    release = () => {
      held = null;
      resolve();
    };
  });
  begun[5]!.end(done);
  await sleep(50);
  return { server, begun, release };
}

test('nothing is begun after a failure that asks for rest, though more was handed out meanwhile', async (t) => {
  const { begun, release } = await startHeld(t);
  const before = begun.length;
  begun[6]!.end({ ...done, status: 429, retryAfter: '3600' });
  begun[7]!.end({ ...done, status: 503 });
  await sleep(30);
  release();
  await sleep(300);
  assert.equal(begun.length, before);
});

test('deliveries are begun in order, and each once, though what was handed out is looked at again meanwhile', async (t) => {
  const { server, begun, release } = await startHeld(t);
  server.database.handle.exec('update access_changes set count = count + 1');
  await sleep(30);
  release();
  while (begun.length < 200) {
    for (const { end } of begun) end(done);
    await sleep(5);
  }
  assert.deepEqual(
    begun.map(({ number }) => number),
    Array.from({ length: 200 }, (_, index) => index + 1),
  );
});
