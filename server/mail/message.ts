import { linkLifetime, traderLinkMinutes } from '../../shared/access.ts';
import { escapeText } from '../../shared/markup.ts';
import type { Notice } from '../store/mail.ts';

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

/**
 * A mail that tells a firm that one of its webhooks was disabled. `server`: the server's public
 * origin.
 */
export function noticeMessage(
  to: string,
  firm: string,
  { webhook, host, since }: Notice,
  server: string,
): Message {
  const day = new Date(since).toISOString().slice(0, 10);
  return compose({
    to,
    subject: `A webhook of ${firm} was disabled`,
    before: `The webhook ${webhook} of ${firm}, to ${host}, was disabled: every attempt to deliver to it has failed since ${day}.\nWhat was waiting for it is sent once it is made active again. What happens until then is not; the list of events has it.`,
    links: [],
    after: `Make it active again with PATCH ${server}/api/partner/webhooks/${webhook}.`,
  });
}

interface Composed {
  to: string;
  subject: string;
  /** Sentences above; absent: none. */
  before?: string;
  /** Each as a button, with its text. */
  links: readonly { text: string; link: string }[];
  /** Sentences below. */
  after: string;
}

function compose({ to, subject, before, links, after }: Composed): Message {
  const text = links.map(({ text, link }) => `${text}:\n${link}`);
  const above = before === undefined ? [] : [before];
  const html = links.map(
    ({ text, link }) =>
      `<p style="margin:0 0 16px"><a href="${escapeText(link)}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:#3d5fdc;color:#ffffff;font-weight:600;text-decoration:none">${escapeText(text)}</a></p>`,
  );
  return {
    to,
    subject,
    text: `${[...above, ...text, after].join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><body style="margin:0;padding:24px;font:15px/22px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#13161b">${above.map(paragraph).join('')}${html.join('')}<p style="margin:0;color:#5b6370">${lines(after)}</p></body></html>`,
  };
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 16px">${lines(text)}</p>`;
}

function lines(text: string): string {
  return escapeText(text).replaceAll('\n', '<br>');
}
