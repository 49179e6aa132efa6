import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { openDatabase } from '../../server/store/database.ts';
import { commandLine, lineOf } from '../support/command.ts';
import { firmEmail, makeFirm } from '../support/firm.ts';
import { plainCsv, tradesOf } from '../support/partner.ts';
import { auth, Browser } from '../support/session.ts';

/** Text that would clear a terminal's screen, set its title by a C1 control, forge a line and turn the direction. */
const hostile = 'A\u001b[2J\u009d0;x\u0007\u0085\nForged\r\u202egnp\u2066\u2028\u007f';
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are looked for
const obeyed = /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

test('commands escape control characters in stored names, files and arguments, so that no terminal obeys them', async (t) => {
  const cli = commandLine(t);
  const partner = await makeFirm(cli);
  await cli.run('key', 'create', '--partner', partner);
  // An earlier version may have stored such text.
  const database = await openDatabase(path.join(cli.folder, 'test.db'));
  const { handle } = database;
  handle.prepare('update partners set name = ?, company_name = ?').run(hostile, hostile);
  handle.prepare('update keys set label = ?').run(hostile);
  handle.prepare('update audit set actor_name = ?, subject = ?').run(hostile, hostile);
  handle
    .prepare('insert into sign_in_addresses values (?, ?, 0)')
    .run(partner, `${hostile}@firm.example`);
  await database.close();
  const symbol = hostile.replace(/[\n\r]/g, '');
  const bad = path.join(cli.folder, 'bad.csv');
  writeFileSync(
    bad,
    plainCsv(tradesOf([5]))
      .replace('ES', symbol)
      .replace('long', `"${hostile}"`),
  );
  const into = ['--partner', partner, '--new-account', 'A'];
  const commands = [
    ['partner', 'list'],
    ['partner', 'list', '--json'],
    ['partner', 'show', partner],
    ['key', 'list'],
    ['audit', partner],
    ['brand', 'show', partner],
    ['sign-in', 'list', partner],
    ['import', bad, ...into],
    ['import', path.join(cli.folder, `${symbol}.csv`), ...into],
    ['key', 'revoke', symbol],
    ['partner', 'show', hostile],
    ['partner', 'set', partner, '--tier', hostile],
    [hostile],
    ['key', 'create', '--partner', partner, '--scopes', hostile],
    ['import', bad, ...into, '--json'],
  ];
  const outcomes = await Promise.all(commands.map((args) => cli.run(...args)));
  for (const [index, { stdout, stderr }] of outcomes.entries()) {
    const which = commands[index]!.slice(0, 2).join(' ');
    assert.doesNotMatch(stdout + stderr, obeyed, which);
    assert.doesNotMatch(stdout + stderr, /^Forged/m, which);
    assert.match(stdout + stderr, /\\(x1b|u001b)\[2J/, which);
  }
  const shown = await cli.run('brand', 'show', partner);
  assert.match(shown.stdout, /A\\x1b\[2J\\x9d0;x\\x07\\x85\\x0aForged\\x0d\\u202egnp/);
  const { branding } = await cli.json<{ branding: { company_name: string } }>(
    ...['brand', 'show', partner],
  );
  assert.equal(branding.company_name, hostile);

  const server = cli.start('serve', '--port', '0');
  const address = await lineOf(server, /(http:\S+)/);
  const mail = lineOf(server, /(Sign in to A[\s\S]*token=)/);
  await new Browser({ address }).post(`${auth}/magic-link`, { email: firmEmail });
  assert.doesNotMatch(await mail, obeyed);
});
