import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressList } from '../../server/access/address-list.ts';
import type { Outcome } from '../../server/events/attempts.ts';
import { isPublicAddress } from '../../server/events/public-address.ts';
import { Sender } from '../../server/events/send.ts';
import { problemOfUrl } from '../../server/events/target.ts';
import { api } from '../support/api.ts';
import { cert, key } from '../support/logo-host.ts';
import { startNameServer } from '../support/name-server.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';

const message = { id: 'evt_1', event: 'test', body: '{}', secret: 'whsec_AAAA', oldSecret: null };

/** Sends a message to a URL, however long that takes. */
async function sendTo(sender: Sender, url: string): Promise<Outcome> {
  const sending = { ...message, url, at: Date.now(), isPrompt: false };
  return (await sender.send(sending))!;
}

/** A server on all addresses of this machine, which notes by which it was reached. */
async function startWitness(t: TestContext) {
  const reached: string[] = [];
  const server = createServer((_, response) => response.end());
  server.on('connection', (socket) => reached.push(socket.localAddress!));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { reached, port: (server.address() as AddressInfo).port };
}

const internal = [
  ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255'],
  ...['192.168.1.1', '169.254.169.254', '100.64.0.1', '100.100.100.200', '168.63.129.16'],
  ...['192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', '::7f00:1', '::ffff:127.0.0.1'],
  ...[
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    '100::1',
    'fc00::1',
    'fd00:ec2::254',
  ],
  ...[
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001::7f00:1',
    '2001:db8::1',
    '2001:10::1',
    '2002:7f00:1::',
  ],
  ...['3fff::1', '5f00::1', '', 'fe80::1%eth0'],
];

test('no address that is special, private or this machine’s own is public', () => {
  for (const address of internal) assert.equal(isPublicAddress(address), false, address);
  for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])
    assert.equal(isPublicAddress(address), true, address);
});

const inUrl = (address: string) =>
  `https://${address.includes(':') ? `[${address}]` : address}/hook`;

test('a webhook can’t be at an internal address, however it is spelled', async (t) => {
  const server = await startTestServer(t);
  const partner = await makePartner(server.database);
  const { post } = api(server, partner.key);
  const bad = [
    ...[
      'http://example.com:x',
      'ftp://example.com',
      '//example.com',
      'example.com',
      '',
      'https://',
    ],
    ...['https://user@example.com', 'https://user:pw@example.com', 'https://example.com/#x'],
    ...['https://example.com:0/', ' https://example.com', 'https://exa\tmple.com', 'javascript:1'],
    ...['https://127.0.0.2', 'https://127.0.0.2.'],
    ...['https://127.2', 'https://2130706434', 'https://0x7f.2', 'https://0177.0.0.2'],
    ...['https://%31%32%37.0.0.2', 'https://１２７.０.０.２', 'https://[::ffff:127.0.0.2]'],
    // Tests may be sent to 127.0.0.1 itself.
    ...internal
      .filter((address) => !/^$|127\.0\.0\.1$/.test(address) && URL.canParse(inUrl(address)))
      .map(inUrl),
    `https://example.com/${'x'.repeat(2_048)}`,
  ];
  for (const url of bad) {
    const { status, body } = await post('webhooks', { url });
    assert.equal(`${status} ${body.code}`, '400 invalid_body', url);
    assert.equal(body.details?.[0]?.path, 'url');
  }
  assert.equal(
    (await post('webhooks', { url: 'https://hooks.example.com:8443/a?b=c' })).status,
    201,
  );
});

test('without the operator’s leave a webhook is https, and not on this machine', () => {
  const none = addressList('');
  for (const url of ['http://hooks.example.com', 'https://localhost', 'https://x.localhost./y'])
    assert.notEqual(problemOfUrl(url, none), null, url);
  assert.equal(problemOfUrl('https://hooks.example.com', none), null);
});

test('a name that stands for an internal address is not connected to, whatever else it stands for', async (t) => {
  const { reached, port } = await startWitness(t);
  const names: Record<string, string[]> = {
    'allowed.example': ['127.0.0.2'],
    'internal.example': ['127.0.0.1'],
    'mixed.example': ['127.0.0.2', '127.0.0.1'],
    'nothing.example': [],
  };
  const nameServer = await startNameServer(t, (name) => names[name] ?? []);
  const sender = new Sender({ allowed: addressList('127.0.0.2/32'), nameServers: [nameServer] });
  const send = (host: string) => sendTo(sender, `http://${host}:${port}/`);
  assert.equal((await send('allowed.example')).status, 200);
  for (const host of ['internal.example', 'mixed.example', 'nothing.example', 'localhost', '127.1'])
    assert.equal((await send(host)).problem, 'no_public_address', host);
  // A name is looked up for each connection, and one that is not used is closed soon.
  names['allowed.example'] = ['127.0.0.1'];
  await sleep(1_500);
  assert.equal((await send('allowed.example')).problem, 'no_public_address');
  assert.deepEqual([...new Set(reached)], ['127.0.0.2']);
});

test('a name server that does not answer keeps nobody else waiting', async (t) => {
  const { port } = await startWitness(t);
  const nameServer = await startNameServer(t, (name) =>
    name.startsWith('dead') ? null : ['127.0.0.2'],
  );
  const sender = new Sender({ allowed: addressList('127.0.0.2/32'), nameServers: [nameServer] });
  const send = (host: string) => sendTo(sender, `http://${host}:${port}/`);
  const dead = Array.from({ length: 20 }, (_, index) => send(`dead${index}.example`));
  const begun = performance.now();
  assert.equal((await send('alive.example')).status, 200);
  assert.ok(performance.now() - begun < 2_000);
  for (const { problem } of await Promise.all(dead))
    assert.match(problem!, /^(no_public_address|timeout)$/);
});

test('to a public address nothing is sent without encryption', async () => {
  const sender = new Sender({ allowed: addressList('127.0.0.1/32') });
  const sent = sendTo(sender, 'http://1.1.1.1:9/');
  assert.equal((await sent).problem, 'no_public_address');
});

test('a certificate that is not valid for the host is refused', async (t) => {
  const server = createSecureServer({ key, cert }, (_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const sender = new Sender({ allowed: addressList('127.0.0.1/32') });
  const { problem } = await sendTo(sender, `https://127.0.0.1:${port}/`);
  assert.equal(problem, 'tls_failed');
});
