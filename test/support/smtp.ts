import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';

/** A mail as the mail server received it. */
export interface TakenMail {
  user: string;
  /** The sender and the recipients in the envelope. */
  from: string;
  to: string[];
  /** The header lines, unfolded and in order. */
  headers: string[];
  /** The plain text, decoded. */
  text: string;
}

type Stage = 'connect' | 'login' | 'sender' | 'recipient' | 'data';

export interface MailServer {
  url: string;
  port: number;
  taken: TakenMail[];
  /** The stage at which it refuses, with which code and sentence; null: it accepts mail. */
  refusal: { stage: Stage; code: number; sentence?: string } | null;
  /** The number of connections so far, refused ones included. */
  visits: number;
}

const user = 'mailer@firm.example';
const password = 'p@ss:word/1';

/** The URL of a mail server on this port, with user and password; it need not be running yet. */
export function mailServerUrl(port: number): string {
  return `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
}

/** Starts a firm's mail server, which accepts one user with a password. */
export async function startMailServer(test: TestContext, port = 0): Promise<MailServer> {
  const mailServer: MailServer = { url: '', port: 0, taken: [], refusal: null, visits: 0 };
  /** The error that refuses a stage, or null. */
  const refusalAt = (stage: Stage): Error | null => {
    const { refusal } = mailServer;
    if (refusal?.stage !== stage) return null;
    const { code, sentence = 'Not now' } = refusal;
    return Object.assign(new Error(sentence), { responseCode: code });
  };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 0,
    onConnect: (_, done) => {
      mailServer.visits++;
      done(refusalAt('connect'));
    },
    onAuth: (login, _, done) => {
      const isRight = login.username === user && login.password === password;
      done(refusalAt('login') ?? (isRight ? null : new Error('Who?')), { user: login.username });
    },
    onMailFrom: (_, __, done) => done(refusalAt('sender')),
    onRcptTo: (_, __, done) => done(refusalAt('recipient')),
    onData: async (stream, session, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const refused = refusalAt('data');
      if (!refused) mailServer.taken.push(read(Buffer.concat(chunks).toString(), session));
      done(refused);
    },
  });
  // Some tests have clients disconnect in the middle.
  server.on('error', () => {});
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  test.after(() => new Promise<void>((resolve) => server.close(resolve)));
  mailServer.port = (listening.address() as AddressInfo).port;
  mailServer.url = mailServerUrl(mailServer.port);
  return mailServer;
}

type Session = Parameters<NonNullable<SMTPServer['options']['onRcptTo']>>[1];

function read(raw: string, { user: login = '', envelope }: Session): TakenMail {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  return {
    user: login,
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    headers: head.replace(/\r\n[ \t]+/g, ' ').split('\r\n'),
    text: readText(raw.slice(head.length)),
  };
}

/** The plain text of a mail that also has HTML. */
function readText(body: string): string {
  const [, head, text] = /(Content-Type: text\/plain.*?)\r\n\r\n(.*?)\r\n--/s.exec(body)!;
  const [, encoding] = /Content-Transfer-Encoding: (\S+)/.exec(head!)!;
  if (encoding === 'base64') return Buffer.from(text!, 'base64').toString();
  return encoding === 'quoted-printable' ? readQuotedPrintable(text!) : text!;
}

function readQuotedPrintable(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
