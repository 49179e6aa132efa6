import { NoMailer, type SendMail } from '../mail/mailer.ts';
import { keepAsFiles, sendBySmtp } from '../mail/transports.ts';
import { readSender, readSmtpUrl } from './mail-settings.ts';

const localHosts = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * How mail leaves: through PROPTALLY_SMTP_URL. Without it a server that only this machine finds shows
 * mails and keeps them as files in `folder`; another can't send them, and says so.
 */
export function chooseSendMail(
  folder: string,
  publicUrl: () => string,
  show: (text: string) => void,
): SendMail {
  const [smtpUrl, sender] = [readSmtpUrl(), readSender()];
  const from = () => sender ?? `PropTally <no-reply@${new URL(publicUrl()).hostname}>`;
  if (smtpUrl) return sendBySmtp(smtpUrl, from);
  const keep = keepAsFiles(folder, from, (text) => show(`Mail, kept in ${folder}:\n\n${text}`));
  return async (message) => {
    if (localHosts.test(new URL(publicUrl()).hostname)) return keep(message);
    throw new NoMailer('No mail can be sent: PROPTALLY_SMTP_URL is not set.');
  };
}
