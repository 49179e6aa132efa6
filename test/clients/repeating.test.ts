import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { snakeCase } from '../../clients/build/python.ts';
import { PropTally, PropTallyError } from '../../clients/js/index.ts';
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

/** What became of a call: all null if it succeeded. */
interface Outcome {
  code: string | null;
  status: number | null;
  /** In seconds. */
  retryAfter: number | null;
}

interface Client {
  skip: string | false;
  /** `timeout`: of an attempt, in ms. */
  call(
    server: { address: string; key?: string; timeout?: number },
    name: string,
    parameters?: object,
  ): Promise<Outcome>;
}

const javaScript: Client = {
  skip: false,
  call: async ({ address, key = 'pt_1', timeout = 60_000 }, name, parameters = {}) => {
    const pt = new PropTally({ baseUrl: address, key });
    const method = Reflect.get(pt, name) as (...given: object[]) => Promise<unknown>;
    try {
      await method.call(pt, parameters, { timeout });
      return { code: null, status: null, retryAfter: null };
    } catch (error) {
      if (!(error instanceof PropTallyError)) throw error;
      const { code, status, retryAfter } = error;
      return { code, status, retryAfter };
    }
  },
};

const program = `
from proptally import PropTally, PropTallyError
pt = PropTally(given["address"], given["key"], timeout=given["timeout"])
parameters = given["parameters"]
if "file" in parameters:
    parameters["file"] = parameters["file"].encode()
try:
    getattr(pt, given["name"])(**parameters)
    show({"code": None, "status": None, "retryAfter": None})
except PropTallyError as error:
    show({"code": error.code, "status": error.status, "retryAfter": error.retry_after})
`;

const python: Client = {
  skip: withoutPython,
  call: async ({ address, key = 'pt_1', timeout = 60_000 }, name, parameters = {}) => {
    const given = { address, key, timeout: timeout / 1000, name: snakeCase(name), parameters };
    const [outcome] = await runPython(program, given);
    return outcome as Outcome;
  },
};

const good = answer(200, {});
const atOnce = { 'Retry-After': '0' };

for (const [language, { skip, call }] of Object.entries({ javaScript, python })) {
  /** Makes one call to a server that reacts so; returns its outcome and the requests that came. */
  const callTo = async (t: TestContext, reactions: Reaction[], name: string, parameters = {}) => {
    const server = await startScripted(t, ...reactions);
    const begin = performance.now();
    const outcome = await call(server, name, parameters);
    return { ...outcome, arrived: server.arrived, took: performance.now() - begin };
  };

  describe(`a client in ${language}`, { skip, concurrency: true }, () => {
    test('asks again after a lost connection, an answer that broke off, and a 503', async (t) => {
      const brokenOff: Reaction = (response) => {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('{"branding"', () => response.destroy());
      };
      const reactions = [hangUp, brokenOff, refusal(503, 'storage_unavailable', atOnce), good];
      const { code, arrived } = await callTo(t, reactions, 'readBranding');
      assert.deepEqual([code, arrived.length], [null, 4]);
    });

    test('gives up after the fourth attempt, with the error of that', async (t) => {
      const reactions = [refusal(503, 'storage_unavailable', atOnce)];
      const { code, status, arrived } = await callTo(t, reactions, 'readBranding');
      assert.deepEqual([code, status, arrived.length], ['storage_unavailable', 503, 4]);
    });

    test('sends the same Idempotency-Key at each attempt of a call, and another with the next', async (t) => {
      const server = await startScripted(t, hangUp, good);
      for (const nickname of ['A', 'B']) await call(server, 'createAccount', { nickname });
      const [first, again, next] = server.arrived;
      const keyOf = (one = first) => one!.headers['idempotency-key'];
      assert.match(String(keyOf()), /^[\w-]{36}$/);
      assert.equal(keyOf(again), keyOf());
      assert.deepEqual(again!.body, first!.body);
      assert.notEqual(keyOf(next), keyOf());
    });

    test('waits for a request with the same key that is still running', async (t) => {
      const reactions = [refusal(409, 'request_running', atOnce), good];
      const { code, arrived } = await callTo(t, reactions, 'createAccount', { nickname: 'A' });
      assert.deepEqual([code, arrived.length], [null, 2]);
    });

    test('waits as long as Retry-After says, in seconds or as a date', async (t) => {
      const seconds = refusal(429, 'too_many_requests', { 'Retry-After': '1' });
      const { code, took } = await callTo(t, [seconds, good], 'readBranding');
      assert.equal(code, null);
      assert.ok(took > 990, `${took} ms`);
      const date: Reaction = (response, request) => {
        const header = { 'Retry-After': new Date(Date.now() + 2_000).toUTCString() };
        return refusal(429, 'too_many_requests', header)(response, request);
      };
      const dated = await callTo(t, [date, good], 'readBranding');
      assert.equal(dated.code, null);
      assert.ok(dated.took > 990, `${dated.took} ms`);
    });

    test('does not wait for the next day, but tells how long that would be', async (t) => {
      const reactions = [refusal(429, 'daily_limit_reached', { 'Retry-After': '10800' })];
      const { code, retryAfter, arrived } = await callTo(t, reactions, 'readBranding');
      assert.deepEqual([code, retryAfter, arrived.length], ['daily_limit_reached', 10_800, 1]);
    });

    test('sends a file again only if the server did nothing with it', async (t) => {
      const file = { file: 'a file', nickname: 'A' };
      const lost = await callTo(t, [hangUp, good], 'importFile', file);
      assert.deepEqual([lost.code, lost.arrived.length], ['connection_failed', 1]);
      const proxy = answer(504, '<h1>Gateway Timeout</h1>', atOnce);
      const late = await callTo(t, [proxy, good], 'importFile', file);
      assert.deepEqual([late.code, late.arrived.length], ['unexpected_answer', 1]);
      const busy = refusal(429, 'imports_running', atOnce);
      const { code, arrived } = await callTo(t, [busy, good], 'importFile', file);
      assert.deepEqual([code, arrived.length], [null, 2]);
      assert.deepEqual(String(arrived[1]!.body), 'a file');
    });

    test('does not repeat what was refused, or failed in the server', async (t) => {
      for (const [status, reason] of [
        [400, 'invalid_parameters'],
        [409, 'conflict'],
        [500, 'internal_error'],
      ] as const) {
        const { code, arrived } = await callTo(t, [refusal(status, reason), good], 'readBranding');
        assert.deepEqual([code, arrived.length], [reason, 1]);
      }
    });

    test('tells the page of a proxy from an answer of the API', async (t) => {
      const down = answer(502, '<h1>Bad Gateway</h1>', atOnce);
      const { code, status, arrived } = await callTo(t, [down], 'readBranding');
      assert.deepEqual([code, status, arrived.length], ['unexpected_answer', 502, 4]);
      for (const body of ['<h1>Sign in</h1>', '{"cut']) {
        const portal = await callTo(t, [answer(200, body)], 'readBranding');
        assert.deepEqual([portal.code, portal.status], ['unexpected_answer', 200]);
      }
    });

    test('takes the key along to no other address', async (t) => {
      const other = await startScripted(t, good);
      const reactions = [answer(302, '', { Location: other.address })];
      const { code, arrived } = await callTo(t, reactions, 'readBranding');
      assert.deepEqual([code, arrived.length], ['unexpected_answer', 1]);
      assert.equal(other.arrived.length, 0);
    });

    test('gives up an attempt that has no answer in time', async (t) => {
      const silent: Reaction = () => {};
      const server = { ...(await startScripted(t, silent, good)), timeout: 300 };
      assert.equal((await call(server, 'readBranding')).code, null);
      const never = { ...(await startScripted(t, silent)), timeout: 300 };
      assert.equal((await call(never, 'importFile', { file: 'x' })).code, 'timeout');
      assert.equal(never.arrived.length, 1);
    });

    test('does nothing twice when the answer of a server was lost', async (t) => {
      const server = await startTestServer(t);
      const { key } = await makePartner(server.database);
      const replayed: (string | null)[] = [];
      const forward =
        (isLost: boolean): Reaction =>
        async (response, { method, url, headers, body }) => {
          const { host: _, connection: __, ...sent } = headers as Record<string, string>;
          const init = { method, headers: sent, body: body.length > 0 ? String(body) : null };
          const answered = await fetch(server.address + url, init);
          replayed.push(answered.headers.get('idempotent-replayed'));
          if (isLost) return response.destroy();
          return answer(answered.status, await answered.text())(response, {} as never);
        };
      const between = await startScripted(t, forward(true), forward(false));
      const outcome = await call({ ...between, key }, 'createAccount', { nickname: 'A' });
      assert.equal(outcome.code, null);
      assert.deepEqual(replayed, [null, 'true']);
      const pt = new PropTally({ baseUrl: server.address, key });
      assert.equal((await pt.listAccounts()).total, 1);
    });
  });
}

test('a signal ends a call while it waits for an answer, or for the next attempt', async (t) => {
  const reason = new Error('Nobody waits any more');
  for (const reaction of [() => {}, refusal(503, 'storage_unavailable', { 'Retry-After': '30' })]) {
    const { address, arrived } = await startScripted(t, reaction);
    const pt = new PropTally({ baseUrl: address, key: 'pt_1' });
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 200);
    const begin = performance.now();
    await assert.rejects(pt.readBranding({}, { signal: abort.signal }), reason);
    assert.ok(performance.now() - begin < 2_000);
    assert.equal(arrived.length, 1);
    // What is ended is not taken for a lost connection.
    const ended = pt.importFile({ file: 'x', nickname: 'A' }, { signal: abort.signal });
    await assert.rejects(ended, reason);
  }
});

test('a stream that is sent is not sent again, as it can be read only once', async (t) => {
  const { address, arrived } = await startScripted(t, refusal(429, 'imports_running', atOnce));
  const pt = new PropTally({ baseUrl: address, key: 'pt_1' });
  const call = pt.importFile({ file: new Blob(['a file']).stream(), nickname: 'A' });
  await assert.rejects(call, { code: 'imports_running' });
  assert.equal(arrived.length, 1);
});
