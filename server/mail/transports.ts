import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { keepToOwner } from '../store/database-file.ts';
import type { SendMail } from './mailer.ts';

/** In ms. If an SMTP server does not answer, the mail is tried again later. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/** Sends through an SMTP server, `smtp://user:password@host:587` or `smtps://…`. */
export function sendBySmtp(url: string, from: () => string): SendMail {
  const transport = createTransport({ url, ...timeouts });
  return async (message) => {
    await transport.sendMail({ from: from(), ...message });
  };
}

/**
 * For use without an SMTP server: writes messages to files, readable by their owner alone, and
 * prints their text.
 */
export function keepAsFiles(
  folder: string,
  from: () => string,
  show: (text: string) => void,
): SendMail {
  const transport = createTransport({ streamTransport: true, buffer: true });
  let count = 0;
  return async (message) => {
    const { message: bytes, messageId } = await transport.sendMail({ from: from(), ...message });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    keepToOwner(folder);
    const name = `${++count}-${messageId.replace(/[^\w.@-]/g, '')}.eml`;
    writeFileSync(path.join(folder, name), bytes as Buffer, { mode: 0o600 });
    show(message.text);
  };
}
