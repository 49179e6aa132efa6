import { linkLifetime, traderLinkMinutes } from '../../shared/access.ts';
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
  return compose({
    to,
    subject:
      lines.length === 1 ? `Sign in to ${first!.partnerName} on PropTally` : 'Sign in to PropTally',
    links: lines.map(({ partnerName, link }) => ({ text: `Sign in to ${partnerName}`, link })),
    after: `A link works once, within ${linkLifetime}, best in the browser you asked with.\nIf you did not ask for it, ignore this mail: nobody gets in without it.`,
  });
}

/** A mail with the link to a trader's page. `firm`: its name. */
export function traderMessage(to: string, { firm, link }: { firm: string; link: string }): Message {
  return compose({
    to,
    subject: `Your trading at ${firm}`,
    links: [{ text: `See your trading at ${firm}`, link }],
    after: `The link works once, within ${traderLinkMinutes} minutes. To come back later, ask ${firm} for another one.\nIt opens your accounts: pass it on to nobody.`,
  });
}

interface Composed {
  to: string;
  subject: string;
  /** Each as a button, with its text. */
  links: readonly { text: string; link: string }[];
  /** Two sentences below. */
  after: string;
}

function compose({ to, subject, links, after }: Composed): Message {
  const text = links.map(({ text, link }) => `${text}:\n${link}`);
  const html = links.map(
    ({ text, link }) =>
      `<p style="margin:0 0 16px"><a href="${escapeText(link)}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:#3d5fdc;color:#ffffff;font-weight:600;text-decoration:none">${escapeText(text)}</a></p>`,
  );
  return {
    to,
    subject,
    text: `${text.join('\n\n')}\n\n${after}\n`,
    html: `<!doctype html><html lang="en"><body style="margin:0;padding:24px;font:15px/22px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#13161b">${html.join('')}<p style="margin:0;color:#5b6370">${escapeText(after).replace('\n', '<br>')}</p></body></html>`,
  };
}
