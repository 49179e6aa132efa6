import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { EventParser, type ServerEvent } from '../../clients/js/events.ts';
import { PropTally, PropTallyError, type StreamMessage } from '../../clients/js/index.ts';
import { second } from '../../shared/time.ts';
import { makePartner } from '../support/partner.ts';
import { runPython, withoutPython } from '../support/python.ts';
import {
  answer,
  hangUp,
  type Reaction,
  refusal,
  startScripted,
} from '../support/scripted-server.ts';
import { startTestServer } from '../support/server.ts';

type Told = StreamMessage & { id: string };

/** What a program heard, and the error that ended it: null if it left by itself. */
interface Outcome {
  messages: Told[];
  code: string | null;
  status: number | null;
}

interface Client {
  skip: string | false;
  /** Follows until so many messages are heard. */
  follow(
    server: { address: string; key?: string },
    count: number,
    parameters?: { last_event_id?: string },
  ): Promise<Outcome>;
  /** Reads events from pieces of text. */
  parse(pieces: readonly string[][]): Promise<{ events: ServerEvent[]; retry: number | null }[]>;
}

/** In ms: a test that fails would follow for ever. */
const longest = 20_000;

const javaScript: Client = {
  skip: false,
  follow: async ({ address, key = 'pt_1' }, count, parameters = {}) => {
    const pt = new PropTally({ baseUrl: address, key });
    const messages: Told[] = [];
    const signal = AbortSignal.timeout(longest);
    try {
      for await (const message of pt.followChanges(parameters, { signal })) {
        messages.push(message);
        if (messages.length === count) break;
      }
      return { messages, code: null, status: null };
    } catch (error) {
      if (!(error instanceof PropTallyError)) throw error;
      return { messages, code: error.code, status: error.status };
    }
  },
  parse: async (texts) =>
    texts.map((pieces) => {
      const parser = new EventParser();
      const events = pieces.flatMap((piece) => [...parser.read(piece)]);
      return { events, retry: parser.retry ?? null };
    }),
};

const program = `
import os, threading
limit = threading.Timer(${longest / 1000}, os._exit, [1])
limit.daemon = True
limit.start()
from proptally import PropTally, PropTallyError
pt = PropTally(given["address"], given["key"])
messages = []
try:
    for message in pt.follow_changes(**given["parameters"]):
        messages.append(message)
        if len(messages) == given["count"]:
            break
    show({"messages": messages, "code": None, "status": None})
except PropTallyError as error:
    show({"messages": messages, "code": error.code, "status": error.status})
`;

const python: Client = {
  skip: withoutPython,
  follow: async ({ address, key = 'pt_1' }, count, parameters = {}) => {
    const [outcome] = await runPython(program, { address, key, count, parameters });
    return outcome as Outcome;
  },
  parse: async (texts) => {
    const lines = `
from proptally import _EventParser
for pieces in given["texts"]:
    parser = _EventParser()
    events = [event._asdict() for piece in pieces for event in parser.read(piece)]
    show({"events": events, "retry": parser.retry and parser.retry * 1000})
`;
    return (await runPython(lines, { texts })) as { events: ServerEvent[]; retry: number }[];
  },
};

const digest = (id: string) => createHash('sha256').update(id).digest('hex');

/** A running server, a firm on it, and a line to the server that the test can cut. */
async function startFirm(t: TestContext) {
  const server = await startTestServer(t);
  const { key } = await makePartner(server.database, 'enterprise');
  const pt = new PropTally({ baseUrl: server.address, key });
  // Changes are gathered for a while by the server's clock.
  const passing = setInterval(() => {
    server.clock.now += second;
  }, 50);
  t.after(() => clearInterval(passing));
  let passed = '';
  let check = () => {};
  const lines: ServerResponse[] = [];
  const forward: Reaction = async (response, { url, headers }) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { host: _, connection: __, ...sent } = headers as Record<string, string>;
    const answered = await fetch(server.address + url, { headers: sent, signal: gone.signal });
    response.writeHead(answered.status, { 'Content-Type': answered.headers.get('content-type')! });
    lines.push(response);
    try {
      for await (const piece of answered.body!.pipeThrough(new TextDecoderStream())) {
        // So that the test does not take long.
        response.write(piece.replace(/retry: \d+/, 'retry: 50'));
        passed += piece;
        check();
      }
    } catch {
      // The client has gone.
    }
    response.end();
  };
  const { address, arrived } = await startScripted(t, forward);
  return {
    ...{ server, pt, address, arrived, key },
    cut: () => lines.at(-1)!.destroy(),
    closed: () =>
      lines.at(-1)!.closed || new Promise((resolve) => lines.at(-1)!.on('close', resolve)),
    /** Resolves once a text has come from the server so many times. */
    passes: (text: string, count: number) =>
      new Promise<void>((resolve) => {
        check = () => {
          if (passed.split(text).length > count) resolve();
        };
        check();
      }),
    trade: (account_id: string) =>
      pt.sendTrades({
        ...{ account_id, symbol: 'ES', direction: 'long', quantity: 1, entry_price: 5_000 },
        ...{
          exit_price: 5_001,
          pnl: 50,
          entry_time: server.clock.now - 1,
          exit_time: server.clock.now,
        },
      }),
  };
}

const stream = { 'Content-Type': 'text/event-stream; charset=utf-8' };

/** Sends pieces of a stream one after another; the connection then ends, unless it is `open`. */
function tell(pieces: readonly (string | Buffer)[], { open = false } = {}): Reaction {
  return async (response) => {
    response.writeHead(200, stream);
    for (const piece of pieces)
      await new Promise((resolve) => {
        response.write(piece, () => setImmediate(resolve));
      });
    if (!open) response.end();
  };
}

const opened = (id: string) =>
  `retry: 10\n\nevent: stream\nid: ${id}\ndata: {"stream":"str_1"}\n\n`;
const message = (id: string, account: string | null = null) =>
  `id: ${id}\ndata: ${JSON.stringify({ account })}\n\n`;

/** Where each request asked to go on. */
const placesOf = (arrived: readonly { url: string }[]) =>
  arrived.map(
    ({ url }) => new URL(url, 'http://localhost').searchParams.get('last_event_id') ?? '',
  );

for (const [language, { skip, follow, parse }] of Object.entries({ javaScript, python })) {
  describe(`a client in ${language} that follows`, { skip, concurrency: true }, () => {
    test('hears of accounts and trades, loses nothing when the line is cut, and closes it in the end', async (t) => {
      const { pt, address, key, arrived, cut, closed, passes, trade } = await startFirm(t);
      const following = follow({ address, key }, 3);
      await passes('event: stream', 1);
      const one = await pt.createAccount({ nickname: 'One' });
      await passes('"account"', 1);
      await trade(one.id);
      await passes('"account"', 2);
      cut();
      const two = await pt.createAccount({ nickname: 'Two' });
      await trade(two.id);
      const { messages, code } = await following;
      assert.equal(code, null);
      const accountsOf = (heard: Told[]) => heard.map(({ account }) => account).toSorted();
      const digests = [one, two].map(({ id }) => digest(id)).toSorted();
      assert.deepEqual(accountsOf(messages), [digest(one.id), ...digests].toSorted());
      for (const { id } of messages) assert.match(id, /^\d+-\d+-\w+$/);
      await closed();
      assert.ok(arrived.length >= 2);
      // Another time it goes on after a message that it knows.
      const later = await follow({ address, key }, 2, { last_event_id: messages[0]!.id });
      assert.deepEqual(accountsOf(later.messages), digests);
    });

    test('ends with the refusal when its key is revoked', async (t) => {
      const { pt, address, passes, trade } = await startFirm(t);
      const account = await pt.createAccount({ nickname: 'One' });
      const { id, key } = await pt.createKey({ label: 'Follows', scopes: ['embed:read'] });
      const following = follow({ address, key }, 2);
      await passes('event: stream', 1);
      await trade(account.id);
      await passes('"account"', 1);
      await pt.revokeKey({ id });
      await trade(account.id);
      const { messages, code, status } = await following;
      assert.deepEqual([messages.length, code, status], [1, 'invalid_key', 403]);
    });

    test('goes on after the last message, at first after the place that it was opened at', async (t) => {
      const reactions = [tell([opened('5-1')]), tell([opened('6-1'), message('7-1')])];
      const script = [...reactions, hangUp, tell([opened('9-1'), message('8-1')], { open: true })];
      const { address, arrived } = await startScripted(t, ...script);
      const { messages } = await follow({ address }, 2);
      assert.deepEqual(
        messages.map(({ id }) => id),
        ['7-1', '8-1'],
      );
      assert.deepEqual(placesOf(arrived), ['', '5-1', '7-1', '7-1']);
      // What it missed may not have been told yet when the line is cut again.
      const missed = await startScripted(t, ...reactions);
      await follow(missed, 1, { last_event_id: '3-1' });
      assert.deepEqual(placesOf(missed.arrived), ['3-1', '3-1']);
    });

    test('waits before it connects again as long as the server says', async (t) => {
      const first = tell(['retry: 700\n\n', message('1-1')]);
      const { address } = await startScripted(t, first, tell([message('2-1')], { open: true }));
      const begin = performance.now();
      await follow({ address }, 2);
      assert.ok(performance.now() - begin > 690);
    });

    test('waits for what passes as often as it takes, once it was open', async (t) => {
      const busy = refusal(503, 'storage_unavailable', { 'Retry-After': '0' });
      const never = await startScripted(t, busy);
      const { code } = await follow(never, 1);
      assert.deepEqual([code, never.arrived.length], ['storage_unavailable', 4]);
      const down = Array.from({ length: 6 }, () => busy);
      const script = [tell([opened('1-1')]), ...down, tell([message('2-1')], { open: true })];
      const { address, arrived } = await startScripted(t, ...script);
      assert.equal((await follow({ address }, 1)).messages[0]!.id, '2-1');
      assert.equal(arrived.length, 8);
      const daily = refusal(429, 'daily_limit_reached', { 'Retry-After': '10800' });
      const spent = await startScripted(t, tell([opened('1-1')]), daily);
      assert.equal((await follow(spent, 1)).code, 'daily_limit_reached');
    });

    test('tells another answer from a stream', async (t) => {
      const portal = await startScripted(t, answer(200, '<h1>Sign in</h1>'));
      const { code, status } = await follow(portal, 1);
      assert.deepEqual([code, status], ['unexpected_answer', 200]);
    });

    test('understands bytes that are cut anywhere', async (t) => {
      const bytes = Buffer.from(
        `\uFEFF:\r\n\r\n${message('1-1', 'Zoë 😀').replaceAll('\n', '\r\n')}`,
      );
      const pieces = Array.from(bytes, (byte) => Buffer.from([byte]));
      const { address } = await startScripted(t, tell(pieces, { open: true }));
      const { messages } = await follow({ address }, 1);
      assert.deepEqual(messages, [{ id: '1-1', account: 'Zoë 😀' } as Told]);
    });

    test('reads server-sent events as the standard has them', async () => {
      const cases: [text: string, events: ServerEvent[], retry?: number][] = [
        ['data: a\n\n', [{ type: 'message', data: 'a', id: '' }]],
        ['data:a\ndata:  b\ndata\n\n', [{ type: 'message', data: 'a\n b\n', id: '' }]],
        [
          'id: 1\nevent: x\ndata: a:b\n\ndata: c\n\nid\ndata: d\n\n',
          [
            { type: 'x', data: 'a:b', id: '1' },
            { type: 'message', data: 'c', id: '1' },
            { type: 'message', data: 'd', id: '' },
          ],
        ],
        [
          ': a comment\n:\n\nother: x\n data: x\nevent: y\n\ndata: a\n\n',
          [{ type: 'message', data: 'a', id: '' }],
        ],
        ['id: 1\nid: 2\0\ndata: a\u2028b\n\n', [{ type: 'message', data: 'a\u2028b', id: '1' }]],
        ['retry: 300\nretry: 4x\nretry: -1\n\n', [], 300],
        // What has not ended is none.
        ['data: a\n\ndata: b\n', [{ type: 'message', data: 'a', id: '' }]],
      ];
      for (const [text, events, retry = null] of cases) {
        const written = [text, text.replaceAll('\n', '\r'), text.replaceAll('\n', '\r\n')];
        const cuts = written.flatMap((whole) =>
          Array.from(whole, (_, index) => [whole.slice(0, index), whole.slice(index)]),
        );
        for (const read of await parse([...cuts, ...written.map((whole) => [...whole])]))
          assert.deepEqual(read, { events, retry }, JSON.stringify(text));
      }
    });
  });
}

test('a signal ends following while it listens, while it pauses, and between messages', async (t) => {
  const reason = new Error('Nobody listens any more');
  const pausing = tell(['retry: 30000\n\n', message('1-1')]);
  for (const reaction of [tell([message('1-1')], { open: true }), pausing]) {
    const { address, arrived } = await startScripted(t, reaction);
    const abort = new AbortController();
    const pt = new PropTally({ baseUrl: address, key: 'pt_1' });
    const messages = pt.followChanges({}, { signal: abort.signal });
    assert.equal((await messages.next()).value!.id, '1-1');
    setTimeout(() => abort.abort(reason), 200);
    await assert.rejects(messages.next(), reason);
    assert.deepEqual(await messages.next(), { done: true, value: undefined });
    assert.equal(arrived.length, 1);
  }
  const both = tell([message('1-1') + message('2-1')], { open: true });
  const { address } = await startScripted(t, both);
  const abort = new AbortController();
  const pt = new PropTally({ baseUrl: address, key: 'pt_1' });
  const heard: string[] = [];
  const listen = async () => {
    for await (const { id } of pt.followChanges({}, { signal: abort.signal })) {
      heard.push(id);
      abort.abort(reason);
    }
  };
  await assert.rejects(listen, reason);
  assert.deepEqual(heard, ['1-1']);
});

/** Sends a message and then nothing more, the first time. */
const silentAtFirst = [
  tell(['retry: 10\n\n', message('1-1')], { open: true }),
  tell([message('2-1')], { open: true }),
];

test('in JavaScript a stream that is silent for 45 s is a broken one', async (t) => {
  const { address, arrived } = await startScripted(t, ...silentAtFirst);
  const pt = new PropTally({ baseUrl: address, key: 'pt_1' });
  const messages = pt.followChanges();
  await messages.next();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const next = messages.next();
  t.mock.timers.tick(44_999);
  assert.equal(arrived.length, 1);
  t.mock.timers.tick(1);
  t.mock.timers.reset();
  assert.equal((await next).value!.id, '2-1');
  await messages.return();
});

test('in Python a stream that is silent for 45 s is a broken one', {
  skip: withoutPython,
}, async (t) => {
  const { address } = await startScripted(t, ...silentAtFirst);
  const program = `
import proptally
show(proptally._LONGEST_SILENCE)
proptally._LONGEST_SILENCE = 0.5
messages = proptally.PropTally(given["address"], "pt_1").follow_changes()
show([next(messages)["id"], next(messages)["id"]])
`;
  assert.deepEqual(await runPython(program, { address }), [45, ['1-1', '2-1']]);
});
