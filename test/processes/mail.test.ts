import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendBySmtp } from '../../server/mail/transports.ts';
import { openDatabase } from '../../server/store/database.ts';
import { type CommandLine, commandLine, lineOf } from '../support/command.ts';
import { holdOpen } from '../support/firm.ts';
import { freePort } from '../support/free-port.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { addAddress, auth, Browser, linksIn, tokenOf } from '../support/session.ts';
import { type MailServer, mailServerUrl, startMailServer } from '../support/smtp.ts';
import { statementsOf } from '../support/sql.ts';
import { textOfTables } from '../support/tables.ts';

const seconds = 1_000;
const minutes = 60 * seconds;

/** Starts a server that sends its mails by SMTP. */
function startWith(t: TestContext, { url }: Pick<MailServer, 'url'>) {
  return startTestServer(t, { sendMail: sendBySmtp(url, () => 'PropTally <portal@firm.example>') });
}

async function ask(server: { address: string }, email: string, browser = new Browser(server)) {
  const response = await browser.post(`${auth}/magic-link`, { email });
  assert.equal(response.status, 200);
  return response.json();
}

async function until(isDone: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!isDone()) {
    assert.ok(performance.now() < deadline, `${what} never came`);
    await sleep(20);
  }
}

/** The output of a process so far. */
function outputOf(child: ReturnType<CommandLine['start']>) {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk) => {
      output[stream] += chunk;
    });
  }
  return output;
}

async function makeFirm(cli: CommandLine): Promise<string> {
  const email = 'ops@firm.example';
  await cli.run('partner', 'create', '--name', 'Fïrm & Co', '--email', email);
  return email;
}

test('a mail is sent through the configured SMTP server, and its link signs in', async (t) => {
  const mailServer = await startMailServer(t);
  const cli = commandLine(t, {
    PROPTALLY_SMTP_URL: mailServer.url,
    PROPTALLY_MAIL_FROM: 'Firm Portal <portal@firm.example>',
  });
  const email = await makeFirm(cli);
  const process = cli.start('serve', '--port', '0');
  const output = outputOf(process);
  const server = { address: await lineOf(process, /(http:\S+)/) };
  const browser = new Browser(server);
  await ask(server, email, browser);
  await until(() => mailServer.taken.length > 0, 'The mail');
  const [mail] = mailServer.taken;
  assert.deepEqual(
    [mail!.user, mail!.from, mail!.to],
    ['mailer@firm.example', 'portal@firm.example', [email]],
  );
  const header = (name: string) => mail!.headers.filter((line) => line.startsWith(`${name}:`));
  assert.deepEqual(header('From'), ['From: Firm Portal <portal@firm.example>']);
  assert.deepEqual(header('To'), [`To: ${email}`]);
  assert.deepEqual(header('Subject'), [
    'Subject: =?UTF-8?Q?Sign_in_to_F=C3=AFrm_=26_Co_on_PropTally?=',
  ]);
  assert.match(mail!.text, /Sign in to Fïrm & Co:/);
  assert.equal((await browser.get(linksIn(mail!)[0]!)).status, 303);
  assert.ok(!(output.stdout + output.stderr).includes('token='));
  assert.ok(!existsSync(path.join(cli.folder, 'test.db-mail')));
});

test('a request for a link is answered while the mail server does not respond', async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const server = await startWith(t, { url: `smtp://127.0.0.1:${port}` });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const { email } = await makePartner(server.database);
  await ask(server, email);
  let isSent = false;
  void server.tick().then(() => {
    isSent = true;
  });
  await until(() => sockets.length > 0, 'A connection');
  for (let times = 0; times < 3; times++) await ask(server, email);
  assert.ok(!isSent);
});

test('a mail that the mail server refuses is retried later, and delivered once it is accepted', async (t) => {
  const stages = [
    ['connect', 421],
    ['login', 535],
    ['sender', 451],
    ['recipient', 450],
    ['recipient', 550],
    ['data', 452],
    ['data', 554],
  ] as const;
  for (const [stage, code] of stages) {
    const mailServer = await startMailServer(t);
    const server = await startWith(t, mailServer);
    const { email } = await makePartner(server.database);
    mailServer.refusal = { stage, code };
    const browser = new Browser(server);
    await ask(server, email, browser);
    await server.tick();
    assert.equal(mailServer.visits, 1, `${stage} ${code}`);
    mailServer.refusal = null;
    await server.tick();
    assert.equal(mailServer.visits, 1, 'It gave no time');
    server.clock.now += 5 * seconds;
    await server.tick();
    assert.equal(mailServer.taken.length, 1, `${stage} ${code}`);
    assert.equal((await browser.get(linksIn(mailServer.taken[0]!)[0]!)).status, 303);
    server.clock.now += 2 * minutes;
    await server.tick();
    assert.equal(mailServer.visits, 2, `${stage} ${code}`);
  }
});

test('a mail is retried while the mail server can’t be reached, and the log says so without password or address', async (t) => {
  const port = await freePort();
  const server = await startWith(t, { url: mailServerUrl(port) });
  const { email } = await makePartner(server.database);
  await ask(server, email);
  await server.tick();
  assert.match(
    JSON.stringify(server.log),
    /^\[\{"level":"error","problem":"The mail could not be sent/,
  );
  assert.doesNotMatch(JSON.stringify(server.log), /p%40ss|p@ss|firm\d/);
  const mailServer = await startMailServer(t, port);
  server.clock.now += 5 * seconds;
  await server.tick();
  assert.deepEqual(
    mailServer.taken.map(({ to }) => to),
    [[email]],
  );
});

test('a mail that can’t be delivered within ten minutes is dropped', async (t) => {
  const mailServer = await startMailServer(t);
  const server = await startWith(t, mailServer);
  const { email } = await makePartner(server.database);
  mailServer.refusal = { stage: 'data', code: 451 };
  const asked = server.clock.now;
  await ask(server, email);
  const tries: number[] = [];
  for (; server.clock.now <= asked + 15 * minutes; server.clock.now += seconds) {
    const before = mailServer.visits;
    await server.tick();
    if (mailServer.visits > before) tries.push((server.clock.now - asked) / seconds);
  }
  assert.deepEqual(tries, [0, 5, 20, 65, 125, 185, 245, 305, 365, 425, 485, 545]);
  mailServer.refusal = null;
  server.clock.now += 60 * minutes;
  await server.tick();
  assert.deepEqual(mailServer.taken, []);
  await ask(server, email);
  await server.tick();
  assert.equal(mailServer.taken.length, 1);
});

test('with several processes, each mail is sent exactly once', async (t) => {
  const mailServer = await startMailServer(t);
  const cli = commandLine(t, { PROPTALLY_SMTP_URL: mailServer.url });
  const database = await holdOpen(t, cli);
  const emails: string[] = [];
  for (let firm = 0; firm < 2; firm++) {
    const { id } = await makePartner(database);
    for (let person = 0; person < 15; person++) {
      const email = `person${person}@firm${firm}.example`;
      emails.push(email);
      await addAddress(database, id, email);
    }
  }
  const servers = await Promise.all(
    [1, 2, 3].map(async () => ({
      address: await lineOf(cli.start('serve', '--port', '0'), /(http:\S+)/),
    })),
  );
  await Promise.all(emails.map((email, index) => ask(servers[index % 3]!, email)));
  await until(() => mailServer.taken.length >= emails.length, 'All mails');
  await sleep(500);
  assert.deepEqual(mailServer.taken.map(({ to }) => to[0]).sort(), emails.sort());
});

test('an address gets at most one mail a minute, from any number of clients, and all of them get the same answer', async (t) => {
  const server = await startTestServer(t, { trustedProxy: '127.0.0.1' });
  const { email } = await makePartner(server.database);
  const other = await makePartner(server.database);
  let networks = 0;
  /** Requests a link so many times, each time as another client; returns how many mails are sent. */
  const mailed = async (times: number, to = email) => {
    const before = server.mails.length;
    const answers = await Promise.all(
      Array.from({ length: times }, async () => {
        const headers = { 'X-Forwarded-For': `192.0.2.${networks++ % 200}` };
        const browser = new Browser(server);
        const response = await browser.post(`${auth}/magic-link`, { email: to }, headers);
        return `${response.status} ${await response.text()} ${[...browser.cookies.keys()]}`;
      }),
    );
    assert.equal(new Set(answers).size, 1);
    assert.match(answers[0]!, /^200 .*If an account exists.* pt_sign_in$/);
    await server.tick();
    return server.mails.length - before;
  };
  assert.equal(await mailed(23), 1);
  assert.equal(await mailed(2, other.email), 1);
  server.clock.now += minutes - 1;
  assert.equal(await mailed(3), 0);
  server.clock.now += 1;
  assert.equal(await mailed(3), 1);
  // A client that requests links at the start of every minute can't keep the owner from getting one.
  for (let minute = 0; minute < 90; minute++) {
    server.clock.now += minutes;
    assert.equal(await mailed(2), 1, `minute ${minute}`);
  }
});

test('the links of all mails of the last ten minutes sign in, in any browser', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const links: string[] = [];
  for (let minute = 0; minute < 11; minute++) {
    await ask(server, email);
    await server.tick();
    links.push(linksIn(server.mails.at(-1)!)[0]!);
    server.clock.now += minutes;
  }
  assert.equal(new Set(links).size, 11);
  const statuses: number[] = [];
  for (const link of links) {
    const owner = new Browser(server);
    statuses.push((await owner.post(`${auth}/verify`, { token: tokenOf(link) })).status);
  }
  assert.deepEqual(statuses, [400, 400, ...Array.from({ length: 9 }, () => 201)]);
});

test('after two requests within a minute, the link of the one mail signs in at once in the same browser', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  await ask(server, email, browser);
  await ask(server, email, browser);
  await server.tick();
  assert.equal(server.mails.length, 1);
  assert.equal((await browser.get(linksIn(server.mails[0]!)[0]!)).status, 303);
  // A browser's sign-in cookie is kept only where it looks like one that the server sets.
  const odd = new Browser(server);
  odd.cookies.set('pt_sign_in', 'x"y');
  await ask(server, email, odd);
  assert.match(odd.cookies.get('pt_sign_in')!, /^[\w-]{22}$/);
});

test('a clock that is set back delays the next mail by at most a minute', async (t) => {
  const server = await startTestServer(t);
  const { email } = await makePartner(server.database);
  const mailed = async () => {
    const before = server.mails.length;
    await ask(server, email);
    await server.tick();
    return server.mails.length - before;
  };
  assert.equal(await mailed(), 1);
  server.clock.now -= 1;
  assert.equal(await mailed(), 0);
  server.clock.now -= 60 * minutes;
  assert.equal(await mailed(), 1);
  assert.equal(await mailed(), 0);
  server.clock.now += minutes;
  assert.equal(await mailed(), 1);
});

test('mails that were delayed by the mail server reach an address at least a minute apart', async (t) => {
  const mailServer = await startMailServer(t);
  const server = await startWith(t, mailServer);
  const { email } = await makePartner(server.database);
  mailServer.refusal = { stage: 'data', code: 451 };
  const taken: number[] = [];
  for (let second = 0; second < 600; second += 5) {
    if (second === 240) mailServer.refusal = null;
    if (second % 60 === 0 && second < 300) await ask(server, email);
    const before = mailServer.taken.length;
    await server.tick();
    for (let mail = before; mail < mailServer.taken.length; mail++) taken.push(second);
    server.clock.now += 5 * seconds;
  }
  assert.ok(taken.length > 0 && taken[0]! <= 300, String(taken));
  for (const [index, at] of taken.slice(1).entries()) assert.ok(at - taken[index]! >= 60);
});

test('a mail is not delayed by another that is slow to send, or by a thousand for unknown addresses', async (t) => {
  const held: (() => void)[] = [];
  const sent: string[] = [];
  const server = await startTestServer(t, {
    sendMail: ({ to }) => {
      sent.push(to);
      if (!to.startsWith('slow')) return Promise.resolve();
      return new Promise((resolve) => held.push(resolve));
    },
  });
  const { id, email } = await makePartner(server.database);
  await addAddress(server.database, id, 'slow@firm.example');
  await ask(server, 'slow@firm.example');
  const first = server.tick();
  await until(() => held.length > 0, 'The slow one');
  const { now } = server.clock;
  await server.database.write
    .insertInto('mail')
    .values(
      Array.from({ length: 1_000 }, (_, number) => ({
        id: `mail_${number}`,
        recipient: `nobody${number}@firm.example`,
        browser: '',
        asked_at: now,
        asks: 1,
        due_at: now - 1,
        tried_at: null,
        attempts: 0,
        state: 'waiting' as const,
        problem: null,
      })),
    )
    .execute();
  await ask(server, email);
  let statements = 0;
  const second = statementsOf(t, async () => {
    const mail = server.tick();
    await until(() => sent.includes(email), 'The owner’s mail');
    return mail;
  }).then((run) => {
    statements = run.length;
  });
  await until(() => sent.includes(email), 'The owner’s mail');
  for (const release of held) release();
  await Promise.all([first, second]);
  assert.deepEqual(sent, ['slow@firm.example', email]);
  assert.ok(statements < 60, `${statements} statements`);
});

test('a link is valid for ten minutes from when its mail was sent', async (t) => {
  const server = await startTestServer(t, {
    sendMail: async (message) => {
      server.mails.push(message);
      server.clock.now += 2 * minutes;
    },
  });
  const { email } = await makePartner(server.database);
  const browser = new Browser(server);
  await ask(server, email, browser);
  await server.tick();
  server.clock.now += 10 * minutes - 1;
  assert.equal((await browser.get(linksIn(server.mails[0]!)[0]!)).status, 303);
});

test('without an SMTP server, a server for this machine alone prints the link and keeps the mail in a file', async (t) => {
  const cli = commandLine(t);
  const email = await makeFirm(cli);
  const process = cli.start('serve', '--port', '0');
  const shown = lineOf(process, /(http:\S+token=\S+)/);
  const server = { address: await lineOf(process, /(http:\S+)/) };
  const browser = new Browser(server);
  await ask(server, email, browser);
  const link = await shown;
  const folder = path.join(cli.folder, 'test.db-mail');
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const [name, ...more] = readdirSync(folder);
  assert.deepEqual(more, []);
  assert.match(name!, /\.eml$/);
  assert.equal(statSync(path.join(folder, name!)).mode & 0o777, 0o600);
  const kept = readFileSync(path.join(folder, name!), 'utf8');
  assert.match(kept, /^From: PropTally <no-reply@localhost>\r?$/m);
  assert.match(kept, /^To: ops@firm\.example\r?$/m);
  assert.ok(kept.replace(/=\r?\n/g, '').includes(new URL(link).searchParams.get('token')!));
  assert.equal((await browser.get(new URL(link).pathname + new URL(link).search)).status, 303);
});

test('with --json the link is printed to stderr, not into the JSON', async (t) => {
  const cli = commandLine(t);
  const email = await makeFirm(cli);
  const process = cli.start('serve', '--port', '0', '--json');
  const output = outputOf(process);
  const { address } = JSON.parse(await lineOf(process, /\{[^}]+\}/)) as { address: string };
  await ask({ address }, email);
  await until(() => output.stderr.includes('token='), 'The link');
  assert.deepEqual(JSON.parse(output.stdout), { address });
});

test('a public server without an SMTP server prints no link, and logs which setting is missing', async (t) => {
  const cli = commandLine(t);
  const email = await makeFirm(cli);
  const port = await freePort();
  const process = cli.start('serve', '--port', String(port), '--public-url', 'https://x.example');
  const output = outputOf(process);
  await lineOf(process, /(https:\S+)/);
  await ask({ address: `http://127.0.0.1:${port}` }, email);
  await until(() => output.stderr.includes('\n'), 'A complaint');
  const [complaint] = output.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(complaint.level, 'error');
  assert.match(complaint.problem, /PROPTALLY_SMTP_URL/);
  assert.doesNotMatch(output.stdout + output.stderr, /token=|ops@firm/);
  assert.ok(!existsSync(path.join(cli.folder, 'test.db-mail')));
});

test('serve exits soon after SIGTERM while the mail server does not respond', async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const cli = commandLine(t, { PROPTALLY_SMTP_URL: `smtp://127.0.0.1:${port}` });
  const email = 'ops@firm.example';
  await cli.run('partner', 'create', '--name', 'Firm', '--email', email);
  const process = cli.start('serve', '--port', '0');
  const browser = new Browser({ address: await lineOf(process, /(http:\S+)/) });
  await browser.post(`${auth}/magic-link`, { email });
  while (sockets.length === 0) await sleep(20);
  const ended = once(process, 'exit');
  const started = performance.now();
  process.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.ok(performance.now() - started < 8_000, `${performance.now() - started} ms`);
});

test('the words of a mail server that refuses a mail bring no address into the log, and no link into log or database', async (t) => {
  const links: string[] = [];
  const mailServer = await startMailServer(t);
  const send = sendBySmtp(mailServer.url, () => 'portal@firm.example');
  const server = await startTestServer(t, {
    sendMail: (message) => {
      links.push(linksIn(message)[0]!);
      mailServer.refusal = {
        stage: 'data',
        code: 554,
        sentence: `<${message.to}> refuses the link http://x${links.at(-1)}`,
      };
      return send(message);
    },
  });
  const { email } = await makePartner(server.database);
  await new Browser(server).post(`${auth}/magic-link`, { email });
  await server.tick();
  assert.equal(server.log.length, 1);
  const logged = JSON.stringify(server.log);
  assert.doesNotMatch(logged, /token=/);
  assert.ok(!logged.includes(email));
  assert.ok(!textOfTables(server.database).includes(tokenOf(links[0]!)));
});

test('a mail that was sent while the database was locked is not sent again', async (t) => {
  const mailServer = await startMailServer(t);
  const send = sendBySmtp(mailServer.url, () => 'portal@firm.example');
  const server = await startTestServer(t, {
    sendMail: async (message) => {
      await send(message);
      // Another process holds the write lock for a moment.
      const other = await openDatabase(server.database.path);
      other.handle.exec('begin immediate');
      setTimeout(async () => {
        other.handle.exec('commit');
        await other.close();
      }, 100);
    },
  });
  const { email } = await makePartner(server.database);
  await new Browser(server).post(`${auth}/magic-link`, { email });
  await server.tick();
  await sleep(200);
  server.clock.now += 301_000;
  await server.tick();
  assert.equal(mailServer.taken.length, 1);
});
