import assert from 'node:assert/strict';
import test from 'node:test';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { sendBySmtp } from '../../server/mail/transports.ts';
import type { AddressesAnswer } from '../../shared/answers/partner.ts';
import { minute } from '../../shared/time.ts';
import { makePartner } from '../support/partner.ts';
import { startTestServer } from '../support/server.ts';
import { auth, Browser, linksIn } from '../support/session.ts';
import { startMailServer } from '../support/smtp.ts';

/** Texts that an attacker might put into an address, to get more out of it than a mail. */
const spices = [
  ...['\r\n', '\n', '\r', '\0', '%0d%0a', '\u2028', '\u0085', ' ', '\t', ',', ';', ':', '<', '>'],
  ...['"', '\\', '(', ')', '[', ']', '@', '=?utf-8?q?x?=', '=', '+', "'", '%', '!', '|', '.', '..'],
  ...['Bcc: other@evil.example', 'RCPT TO:<other@evil.example>', 'é', 'ß', 'İ', '。', '💥'],
];
const spice = fc.constantFrom(...spices);
const part = fc
  .array(
    fc.oneof(fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 4 }), spice),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((pieces) => pieces.join(''));
const address = fc.oneof(
  part,
  fc.tuple(part, part).map(([local, domain]) => `${local}@${domain}`),
  fc.tuple(part, spice).map(([local, end]) => `${local}@firm.example${end}`),
  fc
    .tuple(fc.emailAddress(), spice, fc.boolean())
    .map(([email, more, isBefore]) => (isBefore ? more + email : email + more)),
  fc.emailAddress(),
);

/** The headers that every mail has, each once. */
const headerNames = [
  ...['Content-Type', 'Date', 'From', 'MIME-Version', 'Message-ID', 'Subject', 'To'],
];

/** An address with its domain in ASCII, and without quotes around what precedes it. */
function plain(email: string): string {
  const [, local, domain] = /^"?(.*?)"?@(.*)$/.exec(email)!;
  return `${local}@${domainToASCII(domain!)}`;
}

test('a mail goes to exactly the address that may sign in, or to none', async (t) => {
  const mailServer = await startMailServer(t);
  const server = await startTestServer(t, {
    sendMail: sendBySmtp(mailServer.url, () => 'portal@firm.example'),
  });
  const { email } = await makePartner(server.database);
  const owner = new Browser(server);
  await owner.post(`${auth}/magic-link`, { email });
  await server.tick();
  await owner.get(linksIn(mailServer.taken[0]!)[0]!);
  let delivered = 0;
  await fc.assert(
    fc.asyncProperty(address, async (given) => {
      mailServer.taken.length = 0;
      server.clock.now += minute;
      await server.database.write
        .deleteFrom('sign_in_addresses')
        .where('email', '<>', email)
        .execute();
      const added = await owner.post('/api/partner/addresses', { email: given });
      const asked = await new Browser(server).post(`${auth}/magic-link`, { email: given });
      await server.tick();
      if (added.status === 400) {
        assert.equal(asked.status, 400);
        assert.deepEqual(mailServer.taken, []);
        return;
      }
      assert.deepEqual([added.status, asked.status], [201, 200]);
      const meant = given.trim().toLowerCase();
      const { addresses } = (await added.json()) as AddressesAnswer;
      assert.equal(addresses.at(-1)?.email, meant);
      // The mail server accepts no mail for an invalid domain; then none arrives.
      const [mail, ...more] = mailServer.taken;
      if (!mail) return;
      assert.deepEqual(more, []);
      assert.deepEqual(mail.to.map(plain), [plain(meant)]);
      assert.deepEqual(mail.headers.map((line) => /^[\w-]+/.exec(line)?.[0]).sort(), headerNames);
      delivered++;
    }),
    {
      numRuns: 140,
      // Each text once at every place.
      examples: spices.flatMap((one) =>
        [`${one}ab@firm.example`, `a${one}b@firm.example`, `a@firm.example${one}b`].map(
          (given): [string] => [given],
        ),
      ),
    },
  );
  assert.ok(delivered > 10, `Only ${delivered} came`);
});
