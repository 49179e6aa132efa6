import { NoMailer, type SendMail } from '../mail/mailer.ts';
import { keepAsFiles, sendBySmtp } from '../mail/transports.ts';
import { readSender, readSmtpUrl } from './mail-settings.ts';

const localHosts = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Chooses how mail is sent: by the SMTP server of PROPTALLY_SMTP_URL. Without one, a server with a
 * local public URL prints mails and keeps them as files in `folder`. With any other URL it can't be
 * sent, and `sendMail` fails with a NoMailer.
 */
export function chooseSendMail(
  folder: string,
  publicUrl: () => string,
  show: (text: string) => void,
): { sendMail: SendMail; canMail: () => boolean } {
  const [smtpUrl, sender] = [readSmtpUrl(), readSender()];
  const from = () => sender ?? `PropTally <no-reply@${new URL(publicUrl()).hostname}>`;
  if (smtpUrl) return { sendMail: sendBySmtp(smtpUrl, from), canMail: () => true };
  const keep = keepAsFiles(folder, from, (text) => show(`Mail, kept in ${folder}:\n\n${text}`));
  const canMail = () => localHosts.test(new URL(publicUrl()).hostname);
  const sendMail: SendMail = async (message) => {
    if (canMail()) return keep(message);
    throw new NoMailer('No mail can be sent: PROPTALLY_SMTP_URL is not set.');
  };
  return { sendMail, canMail };
}
