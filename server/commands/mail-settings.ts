import addressparser from 'nodemailer/lib/addressparser';
import { emailAddress } from '../fields.ts';
import { isHost } from './host.ts';
import { NotUnderstood } from './output.ts';

/**
 * The parameters of nodemailer that say how to connect to an SMTP server, with the values that each
 * takes.
 */
const parameters: Readonly<Record<string, RegExp>> = {
  requireTLS: /^(true|false)$/,
  ignoreTLS: /^(true|false)$/,
  name: /^[\w.-]+$/,
  authMethod: /^[\w-]+$/,
  'tls.rejectUnauthorized': /^(true|false)$/,
  'tls.servername': /^[\w.-]+$/,
};

/**
 * PROPTALLY_SMTP_URL; undefined when it is not set. No error quotes its value, as that holds a
 * password.
 */
export function readSmtpUrl(): string | undefined {
  const text = process.env.PROPTALLY_SMTP_URL;
  if (text === undefined) return undefined;
  const problem = problemOfSmtpUrl(text);
  if (!problem) return text;
  throw new NotUnderstood(
    `PROPTALLY_SMTP_URL ${problem}. It must be such as smtp://user:password@host:587 or smtps://…, with what is special in user and password percent-encoded.`,
  );
}

function problemOfSmtpUrl(text: string): string | null {
  if (text.trim() === '') return 'is blank';
  const url = URL.parse(text);
  if (!url) return 'is no address';
  if (!/^smtps?:$/.test(url.protocol)) return 'has another scheme than smtp or smtps';
  if (!isHost(url.hostname.replace(/^\[(.*)\]$/, '$1'))) return 'names no host';
  if (url.port === '0') return 'names no port';
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') return 'has a path';
  if (![url.username, url.password].every(isEncoded)) return 'has a stray % in user or password';
  for (const [name, value] of url.searchParams) {
    if (!Object.hasOwn(parameters, name))
      return `has an unknown parameter ${name} (there are ${Object.keys(parameters).join(', ')})`;
    if (!parameters[name]!.test(value)) return `has a value that ${name} does not take`;
  }
  return null;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** PROPTALLY_MAIL_FROM; undefined when it is not set. */
export function readSender(): string | undefined {
  const text = process.env.PROPTALLY_MAIL_FROM;
  if (text === undefined) return undefined;
  const [sender, ...others] = addressparser(text);
  const isOne = sender && 'address' in sender && others.length === 0;
  if (isOne && !/\p{Cc}/u.test(text) && emailAddress.safeParse(sender.address).success) return text;
  throw new NotUnderstood(
    'PROPTALLY_MAIL_FROM must be one address, such as "Firm Portal <portal@firm.example>".',
  );
}
