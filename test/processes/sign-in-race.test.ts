import assert from 'node:assert/strict';
import test from 'node:test';
import type { SessionAnswer } from '../../shared/answers/partner.ts';
import { commandLine, lineOf } from '../support/command.ts';
import { firmEmail, holdOpen, makeFirm } from '../support/firm.ts';
import { auth, Browser, isSignedIn } from '../support/session.ts';

test('when many browsers use one link at once, in several processes, exactly one is signed in', async (t) => {
  const cli = commandLine(t);
  await holdOpen(t, cli);
  const partner = await makeFirm(cli);
  const servers = await Promise.all(
    [1, 2, 3, 4].map(async () => ({
      address: await lineOf(cli.start('serve', '--port', '0'), /(http:\S+)/),
    })),
  );
  for (let round = 0; round < 5; round++) {
    const { link } = await cli.json<{ link: string }>('sign-in', 'link', partner, firmEmail);
    const token = new URL(link).searchParams.get('token');
    const browsers = servers.flatMap((server) =>
      Array.from({ length: 5 }, () => new Browser(server)),
    );
    const answers = await Promise.all(
      browsers.map((browser) => browser.post(`${auth}/verify`, { token })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [201, ...Array(browsers.length - 1).fill(400)]);
    const winner = browsers[answers.findIndex(({ status }) => status === 201)]!;
    assert.deepEqual(
      browsers.filter((browser) => browser.cookies.has('pt_session')),
      [winner],
    );
    // Every process knows the session at once.
    for (const server of servers) {
      const browser = new Browser(server);
      browser.cookies.set('pt_session', winner.cookies.get('pt_session')!);
      assert.ok(await isSignedIn(browser));
      const answer = (await (await browser.get(`${auth}/session`)).json()) as SessionAnswer;
      assert.ok(answer.authenticated && answer.session.email === firmEmail);
    }
  }
  const { entries } = await cli.json<{ entries: { action: string }[] }>(
    ...['audit', partner, '--limit', '1000'],
  );
  assert.equal(entries.filter(({ action }) => action === 'session.opened').length, 5);
});
