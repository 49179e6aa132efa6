import { NoMailer, type SendMail } from '../mail/mailer.ts';
import { keepAsFiles, sendBySmtp } from '../mail/transports.ts';
import { readSender, readSmtpUrl } from './mail-settings.ts';

const localHosts = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Chooses how mail is sent: by the SMTP server of PROPTALLY_SMTP_URL. Without one, a server with a
 * local public URL prints mails and keeps them as files in `folder`. With any other URL, sending
 * fails with a NoMailer.
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
