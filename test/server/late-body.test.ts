import assert from 'node:assert/strict';
import { connect } from 'node:net';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bursts } from '../../shared/access.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { auth, Browser, mailedLink, tokenOf } from '../support/session.ts';

/** Sends a request with the start of its body. Returns a function that sends the rest and returns the status. */
async function holdBack(server: TestServer, method: string, path: string, key: string, body = {}) {
  const text = JSON.stringify(body);
  const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(
    `${method} /api/partner${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text[0]}`,
  );
  // Until the server has checked the credentials.
  await sleep(100);
  return async () => {
    socket.write(text.slice(1));
    await new Promise((resolve) => socket.once('close', resolve));
    return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  };
}

function send(server: TestServer, method: string, path: string, key: string, body?: object) {
  return fetch(`${server.address}/api/partner${path}`, {
    method,
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

interface Made {
  id: string;
  key: string;
}

const make = async (server: TestServer, key: string, body: object = {}) =>
  (await (await send(server, 'POST', '/keys', key, body)).json()) as Made;

test('a request is refused if its key is revoked before the body has arrived', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  for (const [method, path] of [
    ['POST', '/keys'],
    ['POST', '/embed-tokens'],
    ['PUT', '/branding'],
    ['PUT', '/origins'],
  ] as const) {
    const { id, key } = await make(server, partner.key);
    const body = path === '/origins' ? { allowed_origins: [] } : {};
    const finish = await holdBack(server, method, path, key, body);
    assert.equal((await send(server, 'DELETE', `/keys/${id}`, partner.key)).status, 200);
    assert.equal(await finish(), 403, path);
  }
});

test('a key that is rolled or loses a scope before the body has arrived can’t extend its life or pass on the scope', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const rolled = await make(server, partner.key);
  const revive = await holdBack(server, 'PATCH', `/keys/${rolled.id}`, rolled.key, {
    expires_at: null,
  });
  const overlap = { overlap_seconds: 0 };
  assert.equal(
    (await send(server, 'POST', `/keys/${rolled.id}/roll`, partner.key, overlap)).status,
    201,
  );
  assert.equal(await revive(), 403);
  assert.equal((await send(server, 'GET', '/keys', rolled.key)).status, 403);

  const narrowed = await make(server, partner.key, { scopes: ['stats:read', 'stats:aggregate'] });
  const wanted = { scopes: ['stats:aggregate'] };
  const mint = await holdBack(server, 'POST', '/keys', narrowed.key, wanted);
  await send(server, 'PATCH', `/keys/${narrowed.id}`, partner.key, { scopes: ['stats:read'] });
  assert.equal(await mint(), 403);
});

test('a sign-in link that expires before the body has arrived is refused', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const token = tokenOf(await mailedLink(server, new Browser(server), email));
  const path = `${auth}/verify`.replace('/api/partner', '');
  const finish = await holdBack(server, 'POST', path, '', { token });
  server.clock.now += 600_000;
  assert.equal(await finish(), 400);
});

test('an attempt to sign in counts against the rate limit before the body has arrived', async (t) => {
  for (const path of ['/auth/magic-link', '/auth/verify', '/auth/session']) {
    const server = await startTestServer(t);
    const held: (() => Promise<number>)[] = [];
    while (held.length < bursts.address.atOnce) {
      held.push(
        ...(await Promise.all(
          Array.from({ length: 20 }, () => holdBack(server, 'POST', path, '')),
        )),
      );
    }
    const { status } = await send(server, 'POST', path, '', { unknown: 1 });
    assert.equal(status, 429, path);
    await Promise.all(held.map((finish) => finish()));
  }
});
