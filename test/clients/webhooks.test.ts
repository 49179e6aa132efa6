import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {
  PropTally,
  type VerifiedEvent,
  verifyWebhook,
  type WebhookHeaders,
} from '../../clients/js/index.ts';
import { document } from '../../server/routes/index.ts';
import { eventTypes } from '../../shared/events.ts';
import { makePartner, plainCsv, tradesOf } from '../support/partner.ts';
import { runPython, withoutPython } from '../support/python.ts';
import { startTestServer } from '../support/server.ts';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const secret = newSecret();
const now = () => Math.floor(Date.now() / 1000);

const event = {
  event: 'milestone.reached',
  timestamp: '2026-03-10T15:00:00.000Z',
  data: { account_id: 'acc_1', milestone: 'total_pnl_10000', label: '$10,000 · 合計', value: 1.5 },
} as const;
const body = JSON.stringify(event);

/** The headers of https://www.standardwebhooks.com, as a server makes them. */
function standard(text: string, secrets = [secret], timestamp: number | string = now()) {
  const id = 'evt_1';
  const signatures = secrets.map((one) => {
    const key = Buffer.from(one.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${text}`);
    return `v1,${signature.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

/** The header of the source documents. */
const own = (text: string, key = secret) => ({
  'X-PropTally-Signature': createHmac('sha256', key).update(text).digest('hex'),
});

type Given = [string, Record<string, string>, string | string[], tolerance?: number];

/** Of each request the event that was verified, or why it was refused. */
type Verify = (...requests: readonly Given[]) => Promise<unknown[]>;

const javaScript: Verify = (...requests) =>
  Promise.all(
    requests.map(([text, headers, secrets, ...rest]) => {
      const options = rest.length > 0 ? { tolerance: rest[0]! } : {};
      return verifyWebhook(text, headers, secrets, options).catch((error) => error.code ?? 'error');
    }),
  );

const program = `
from proptally import verify_webhook, WebhookError
for body, headers, secret, *rest in given:
    options = {"tolerance": rest[0]} if rest else {}
    try:
        show(verify_webhook(body.encode(), headers, secret, **options))
    except WebhookError as error:
        show(error.code)
    except ValueError:
        show("error")
`;

const python: Verify = (...requests) => runPython(program, requests);

const verified = { ...event, id: 'evt_1' };

for (const [language, verify] of Object.entries({ javaScript, python })) {
  const skip = language === 'python' && withoutPython;
  /** Asserts that each request has this outcome. */
  const all = async (outcome: unknown, ...requests: Given[]) =>
    assert.deepEqual(
      await verify(...requests),
      requests.map(() => outcome),
    );

  describe(`a webhook verified in ${language}`, { skip, concurrency: true }, () => {
    test('is its event, with the id that every delivery of it has', async () => {
      await all(verified, [body, standard(body), secret]);
    });

    test('is signed as the public specification has it', async () => {
      const signed = {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      };
      const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
      await all({ test: 2432232314, id: signed['webhook-id'] }, [
        ...['{"test": 2432232314}', signed, key, 1e10],
      ] as unknown as Given);
    });

    test('may be signed with any of several secrets, and by several at once', async () => {
      const next = newSecret();
      await all(
        verified,
        [body, standard(body), [next, secret]],
        [body, standard(body, [next, secret]), secret],
        [body, standard(body, [secret, next]), next],
      );
    });

    test('is refused if body, id, time or signature is another', async () => {
      const signed = standard(body);
      const signature = signed['webhook-signature'];
      await all(
        'wrong_signature',
        [body.replace('1.5', '1.6'), signed, secret],
        [`${body} `, signed, secret],
        [body, { ...signed, 'webhook-id': 'evt_2' }, secret],
        [body, { ...signed, 'webhook-timestamp': String(now() - 1) }, secret],
        [body, { ...signed, 'webhook-signature': 'v1,AAAA' }, secret],
        [body, { ...signed, 'webhook-signature': 'v1,é v1, v2' }, secret],
        [body, { ...signed, 'webhook-signature': '' }, secret],
        // Another version of the scheme would sign something else.
        [body, { ...signed, 'webhook-signature': signature.replace('v1', 'v2') }, secret],
        [body, signed, newSecret()],
        [body, signed, []],
      );
    });

    test('is refused if it was signed more than five minutes ago or ahead', async () => {
      const signedAt = (time: number | string) => standard(body, [secret], time);
      await all(
        'outside_tolerance',
        [body, signedAt(now() - 310), secret],
        [body, signedAt(now() + 310), secret],
        [body, signedAt('x'), secret],
        [body, signedAt(now() - 70), secret, 60],
      );
      await all(
        verified,
        [body, signedAt(now() - 290), secret],
        [body, signedAt(now() + 290), secret],
        [body, signedAt(now() - 310), secret, 400],
      );
    });

    test('is verified by X-PropTally-Signature only if it has none of the newer headers', async () => {
      const next = newSecret();
      await all(
        { ...event, id: null },
        [body, own(body), secret],
        [body, own(body), [next, secret]],
      );
      await all(
        'wrong_signature',
        [`${body} `, own(body), secret],
        [body, own(body), next],
        [body, { 'X-PropTally-Signature': '' }, secret],
        [body, { 'X-PropTally-Signature': 'zz' }, secret],
        [body, { ...own(body), ...standard(`${body} `) }, secret],
      );
      const { 'webhook-signature': _, ...unsigned } = standard(body);
      await all(
        'missing_signature',
        [body, { ...own(body), ...unsigned }, secret],
        [body, unsigned, secret],
        [body, {}, secret],
      );
    });

    test('is never verified with a secret that is empty, or is none', async () => {
      const empty = createHmac('sha256', '').update(body).digest('hex');
      await all(
        'error',
        [body, { 'X-PropTally-Signature': empty }, ''],
        [body, standard(body, ['whsec_']), 'whsec_'],
        [body, own(body, 'secret'), [secret, 'secret']],
      );
    });
  });
}

test('a webhook’s headers may be a Headers or those of Node, and its body text or bytes', async () => {
  const signed = standard(body);
  const bytes = new TextEncoder().encode(body);
  const upper = Object.entries(signed).map(([name, value]) => [name.toUpperCase(), value]);
  const headers: WebhookHeaders[] = [new Headers(signed), signed, Object.fromEntries(upper)];
  for (const given of headers) {
    for (const text of [body, bytes, bytes.buffer])
      assert.equal((await verifyWebhook(text, given, secret)).id, 'evt_1');
  }
});

test('the type of an event tells what its data is', async () => {
  const told: VerifiedEvent = await verifyWebhook(body, standard(body), secret);
  assert.ok(told.event === 'milestone.reached');
  assert.equal(told.data.milestone, 'total_pnl_10000');
  // @ts-expect-error: this is of another event
  assert.equal(told.data.trade_id, undefined);
});

test('the document describes every event as the server tells it', async (t) => {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database);
  const pt = new PropTally({ baseUrl: server.address, key });
  const file = plainCsv(tradesOf(Array.from({ length: 12 }, (_, index) => 200 + index)));
  const { account, ...imported } = await pt.importFile({ file, nickname: 'A', firm: 'Summit' });
  const account_id = account!.id!;
  await pt.changeAccount({ account_id, nickname: 'B' });
  await pt.changeTrade({ id: 't1', account_id, notes: 'Seen' });
  await pt.deleteTrade({ id: 't2', account_id });
  await pt.undoImport({ id: imported.id!, force: true });
  server.clock.now += 24 * 3_600_000;
  await server.tick();

  const ajv = new Ajv2020({ strict: false, validateSchema: false });
  formats.default(ajv);
  ajv.addSchema(document, 'api');
  const seen = new Set<string>();
  for await (const { id: _, ...told } of pt.listEvents()) {
    seen.add(told.event);
    const place = `#/webhooks/${told.event}/post/requestBody/content/application~1json; charset=utf-8/schema`;
    const validate = ajv.getSchema(`api${encodeURI(place)}`)!;
    assert.ok(validate(told), `${JSON.stringify(told)} ${JSON.stringify(validate.errors)}`);
  }
  assert.deepEqual([...seen].sort(), [...eventTypes].sort());
  assert.deepEqual(Object.keys(document.webhooks).sort(), [...eventTypes, 'test'].sort());
});
