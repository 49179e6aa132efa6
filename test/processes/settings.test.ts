import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { isHost } from '../../server/commands/host.ts';
import { readSender, readSmtpUrl } from '../../server/commands/mail-settings.ts';
import { commandLine } from '../support/command.ts';

/** The value that is read from a setting, or the sentence that refuses it. */
function read(name: string, value: string, reader: () => string | undefined): string {
  process.env[name] = value;
  try {
    return `taken: ${reader()}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    delete process.env[name];
  }
}

const settings = [
  'DB',
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'TRUSTED_PROXY',
  'SMTP_URL',
  'MAIL_FROM',
  'SECRET',
  'WEBHOOKS',
  'WEBHOOK_ALLOW',
];

test('a blank or invalid setting is refused with its name', async (t) => {
  const bad = [
    ...settings.flatMap((name) => [
      [name, ''],
      [name, '  '],
    ]),
    ['HOST', '*'],
    ['HOST', '0'],
    ['PUBLIC_URL', 'https://stats.example.com/path'],
    ['PUBLIC_URL', 'https://*.example.com'],
    ['PUBLIC_URL', 'https://a;b'],
    ['PUBLIC_URL', 'https://stats.example.com:0'],
    ['TRUSTED_PROXY', 'proxy.example'],
    ['TRUSTED_PROXY', ' , '],
    ['TRUSTED_PROXY', '10.0.0.0/'],
    ['TRUSTED_PROXY', '::1/'],
    ['TRUSTED_PROXY', '10.0.0.0/8/9'],
    ['TRUSTED_PROXY', '10.0.0.0/0x8'],
    ['TRUSTED_PROXY', '10.0.0.0/33'],
    ['WEBHOOKS', 'maybe'],
    ['WEBHOOK_ALLOW', 'localhost'],
    ['WEBHOOK_ALLOW', '127.0.0.1/33'],
    ['SMTP_URL', 'smtp://mail.example:port'],
    ['MAIL_FROM', 'nobody'],
  ];
  await Promise.all(
    bad.map(async ([name = '', value = '']) => {
      const cli = commandLine(t, { [`PROPTALLY_${name}`]: value });
      const port = name === 'PORT' ? [] : ['--port', '0'];
      const { code, stdout, stderr } = await cli.run('serve', ...port);
      assert.deepEqual([code, stdout], [2, ''], `${name}="${value}": ${stderr}`);
      assert.match(stderr, new RegExp(`PROPTALLY_${name}`));
      assert.doesNotMatch(stderr, /\n {4}at /);
    }),
  );
});

test('a blank host on the command line is refused too, and an address of another machine with the setting’s name', async (t) => {
  const cli = commandLine(t);
  const [blank, foreign] = await Promise.all([
    cli.run('serve', '--port', '0', '--host', ''),
    cli.run('serve', '--port', '0', '--host', '203.0.113.7'),
  ]);
  assert.equal(blank.code, 2);
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /203\.0\.113\.7.*--host \(PROPTALLY_HOST\)/);
});

test('a host is a complete IP address or a host name, and nothing else', () => {
  for (const host of [
    '127.0.0.1',
    '::1',
    '0.0.0.0',
    '::',
    'localhost',
    'a-b.example',
    'mail_1',
    'x.example.',
  ])
    assert.ok(isHost(host), host);
  for (const host of [
    '',
    ' ',
    '0',
    '0x0',
    '127.1',
    '1.2.3.256',
    '*',
    'a b',
    '-a',
    'a..b',
    '[::1]',
    'a/b',
    'a:1',
  ])
    assert.ok(!isHost(host), host);
});

test('an SMTP URL is checked for scheme, host, port and parameters, and its password is never printed', () => {
  const smtp = (value: string) => read('PROPTALLY_SMTP_URL', value, readSmtpUrl);
  for (const url of [
    'smtp://mail.example',
    'smtp://127.0.0.1:2525',
    'smtp://[::1]:25',
    'smtps://user%40firm.example:p%40ss%2Fword@mail.example:465/',
    'smtp://mail_server:25?requireTLS=true&tls.rejectUnauthorized=false&name=portal.example',
  ]) {
    assert.equal(smtp(url), `taken: ${url}`);
  }
  for (const url of [
    'mail.example',
    'http://hidden@mail.example',
    'smtp://',
    'smtp:mail.example',
    'smtp://hidden:hid/den@mail.example',
    'smtp://hidden:hid#den@mail.example',
    'smtp://hidden:hid%zzden@mail.example',
    'smtp://mail.example:99999',
    'smtp://mail.example:0',
    'smtp://mail.example/inbox',
    'smtp://mail.example?requiretls=true',
    'smtp://mail.example?requireTLS=yes',
    'smtp://mail.example?__proto__=1',
    'smtp://mail.example?constructor=1',
  ]) {
    const said = smtp(url);
    assert.match(said, /^PROPTALLY_SMTP_URL .*must be such as smtp:/, url);
    assert.doesNotMatch(said, /hidden|hid|den@/, url);
  }
});

test('a sender is one address, with a name or without', () => {
  const sender = (value: string) => read('PROPTALLY_MAIL_FROM', value, readSender);
  for (const from of [
    'a@firm.example',
    'Firm Portal <portal@firm.example>',
    '"Firm, Inc." <a@firm.example>',
  ])
    assert.equal(sender(from), `taken: ${from}`);
  for (const from of [
    '',
    'nobody',
    'A <b>',
    'a@x.example, b@x.example',
    'a@x.example\r\nBcc: b@x.example',
    'Firm: a@x.example;',
  ])
    assert.match(sender(from), /^PROPTALLY_MAIL_FROM must be one address/, from);
});

test('a file that the server can’t use is named', async (t) => {
  const cli = commandLine(t);
  mkdirSync(path.join(cli.folder, 'test.db-secret'));
  const { code, stderr } = await cli.run('serve', '--port', '0');
  assert.equal(code, 1);
  assert.match(stderr, /test\.db-secret.*folder/);
});

test('--version prints the version', async (t) => {
  const cli = commandLine(t);
  const { code, stdout } = await cli.run('--version');
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
