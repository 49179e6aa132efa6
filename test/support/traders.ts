import assert from 'node:assert/strict';
import type { ErrorAnswer } from '../../shared/answers/error.ts';
import type { LoginLinkAnswer } from '../../shared/answers/users.ts';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { type Api, api } from './api.ts';
import { makePartner, type TestPartner, tradesOf } from './partner.ts';
import type { TestServer } from './server.ts';
import { Browser } from './session.ts';
import { addUser } from './users.ts';

export interface TraderFirm extends TestPartner {
  firm: Api;
  /** The user, its two accounts, and one of somebody else. */
  user: string;
  one: string;
  two: string;
  other: string;
}

/** A partner with a user who has two accounts. */
export async function traderFirm(server: TestServer): Promise<TraderFirm> {
  const partner = await makePartner(server.database);
  const user = await addUser(server.database, partner.id, {
    ...{ externalId: 'u1', name: 'Maya Lindqvist', email: 'maya@example.com' },
  });
  const open = async (nickname: string, userId?: string) => {
    const account = await partner.newAccount({ nickname, ...(userId && { userId }) });
    await partner.addTrades(account, tradesOf([5, -2]));
    return account;
  };
  const accounts = {
    one: await open('One', user),
    two: await open('Two', user),
    other: await open('Somebody else'),
  };
  return { ...partner, firm: api(server, partner.key), user, ...accounts };
}

/** Makes a link to a user's page; returns its path and query. */
export async function makeLink(firm: Api, user: string): Promise<string> {
  const { status, text, body } = await firm.post<LoginLinkAnswer>(`users/${user}/login-link`);
  assert.equal(status, 201, text);
  const { pathname, search } = new URL(body.url);
  return pathname + search;
}

export function openLink(browser: Browser, link: string, headers: Record<string, string> = {}) {
  const token = new URLSearchParams(link.split('?')[1]).get('token');
  return browser.post('/trader/open', { token }, headers);
}

/** A browser in which the link was opened. */
export async function openedBy(server: TestServer, link: string): Promise<Browser> {
  const browser = new Browser(server);
  const { status } = await openLink(browser, link);
  assert.equal(status, 201);
  return browser;
}

/** Whose figures the page gets: the account's nickname; else the status and the code. */
export async function asked(
  browser: Browser,
  account?: string,
  headers: Record<string, string> = { 'Sec-Fetch-Site': 'same-origin' },
): Promise<string> {
  const query = account === undefined ? '' : `&account_id=${account}`;
  const path = `/api/partner/widgets/stats-card?token=trader${query}`;
  const response = await browser.get(path, headers);
  const body = (await response.json()) as WidgetAnswer<'stats-card'> & ErrorAnswer;
  return response.ok ? (body.data.account?.nickname ?? 'all') : `${response.status} ${body.code}`;
}
