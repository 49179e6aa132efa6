import { linkLifetime } from '../../shared/access.ts';
import { escapeText } from '../../shared/markup.ts';

/** A mail as it is to be sent. */
export interface Message {
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface SignInLine {
  partnerName: string;
  link: string;
}

/** A mail with the sign-in links of one address: one for each partner that it may sign in for. */
export function signInMessage(to: string, lines: readonly SignInLine[]): Message {
  const [first] = lines;
  const subject =
    lines.length === 1 ? `Sign in to ${first!.partnerName} on PropTally` : 'Sign in to PropTally';
  const after = `A link works once, within ${linkLifetime}, best in the browser you asked with.\nIf you did not ask for it, ignore this mail: nobody gets in without it.`;
  const text = lines.map(({ partnerName, link }) => `Sign in to ${partnerName}:\n${link}`);
  const html = lines.map(
    ({ partnerName, link }) =>
      `<p style="margin:0 0 16px"><a href="${escapeText(link)}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:#3d5fdc;color:#ffffff;font-weight:600;text-decoration:none">Sign in to ${escapeText(partnerName)}</a></p>`,
  );
  return {
    to,
    subject,
    text: `${text.join('\n\n')}\n\n${after}\n`,
    html: `<!doctype html><html lang="en"><body style="margin:0;padding:24px;font:15px/22px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#13161b">${html.join('')}<p style="margin:0;color:#5b6370">${after.replace('\n', '<br>')}</p></body></html>`,
  };
}
