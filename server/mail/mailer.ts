import { lifetimes } from '../../shared/access.ts';
import { minute, second } from '../../shared/time.ts';
import { type Database, type Queries, transact } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import type { Random } from '../store/ids.ts';
import {
  claimMail,
  dropOthers,
  dropUnknown,
  isMailDue,
  type Mail,
  type Notice,
  settleMail,
} from '../store/mail.ts';
import { findPartner } from '../store/partners.ts';
import {
  createSignInLink,
  extendLinks,
  findSignInAddresses,
  signInLink,
} from '../store/sign-in.ts';
import { extendTraderLink, findWorkingTrader, traderLink } from '../store/traders.ts';
import {
  type Message,
  noticeMessage,
  type SignInLine,
  signInMessage,
  traderMessage,
} from './message.ts';

/** Sends a message. Rejects when it can't; it is then tried again. */
export type SendMail = (message: Message) => Promise<void>;

/** No way to send mail is configured; the message says what is missing. */
export class NoMailer extends Error {}

interface MailerDependencies {
  database: Database;
  clock: () => number;
  random: Random;
  send: SendMail;
  publicUrl: () => string;
  /** Decrypts what was encrypted under the server's secret; null: another one encrypted it. */
  decrypt(bytes: Buffer): string | null;
  /** Logs that a mail could not be sent. `problem` must contain no address and no link. */
  logError(problem: string): void;
}

/** How long a mail that is being sent is leased to this process, ms. */
const claim = 300_000;
/**
 * The time until the second try, ms. Each further pause is three times as long as the one before,
 * up to the longest.
 */
const firstPause = 5_000;
const longestPause = minute;
/**
 * The most mails sent at once. Several, so that a mail server that is slow with one does not delay
 * the others.
 */
const mostAtOnce = 5;

/** A mail that can be sent, and how long its links are valid from then on. */
interface Ready {
  message: Message;
  /** To be called in the transaction that writes down that it was sent. */
  extend(transaction: Queries, now: number): Promise<void>;
}

/**
 * Sends the mails in the queue. A sign-in link is created only when its mail is sent. So the queue
 * never contains a secret, and a request for a link takes as long for a known address as for an
 * unknown one. The link to a user's page was given to the firm before, and is in the queue encrypted.
 */
export class Mailer {
  readonly #dependencies: MailerDependencies;
  readonly #workers = new Set<Promise<void>>();
  #isClosed = false;

  constructor(dependencies: MailerDependencies) {
    this.#dependencies = dependencies;
  }

  /** Sends what is due. Never rejects. */
  async sendDue(): Promise<void> {
    await this.#unlessUnreachable(() => this.#begin());
    while (this.#workers.size > 0) await Promise.all(this.#workers);
  }

  /**
   * Starts no further mail. One that is being sent stays in the queue, and the next process sends
   * it again.
   */
  close(): void {
    this.#isClosed = true;
  }

  async #begin(): Promise<void> {
    const { database, clock } = this.#dependencies;
    if (!(await isMailDue(database.read, clock()))) return;
    while (await dropUnknown(database.write, clock()));
    this.#startWorker();
  }

  /**
   * Starts a worker, which sends one mail after another. Whenever a worker has a mail to send, it
   * starts another worker.
   */
  #startWorker(): void {
    if (this.#isClosed || this.#workers.size >= mostAtOnce) return;
    const worker = this.#unlessUnreachable(() => this.#sendOneByOne()).finally(() =>
      this.#workers.delete(worker),
    );
    this.#workers.add(worker);
  }

  async #sendOneByOne(): Promise<void> {
    const { database, clock } = this.#dependencies;
    while (!this.#isClosed) {
      const now = clock();
      const mail = await claimMail(database.write, now, now + claim);
      if (!mail) return;
      this.#startWorker();
      await this.#deliver(mail);
    }
  }

  async #unlessUnreachable(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // While the queue can't be read or written it stays as it is, and the next call tries again.
      if (!this.#isClosed && !isStorageFailure(error)) this.#dependencies.logError(String(error));
    }
  }

  async #deliver(mail: Mail): Promise<void> {
    const { clock, send, logError } = this.#dependencies;
    const ready = await this.#readyToSend(mail);
    if (!ready) {
      await this.#settle(mail, { state: 'dropped', link: null });
      return;
    }
    try {
      await send(ready.message);
    } catch (error) {
      const problem = problemOf(error);
      const pause = Math.min(longestPause, firstPause * 3 ** (mail.attempts - 1));
      if (this.#isClosed) return;
      await this.#settle(mail, { due_at: clock() + pause, problem });
      logError(problem);
      return;
    }
    if (!this.#isClosed)
      await this.#settle(mail, { state: 'sent', problem: null, link: null }, ready);
  }

  /**
   * Writes down what became of a mail. Waits for other writers, as a mail that was sent must not be
   * sent again. Its links expire a full lifetime after it was sent.
   */
  #settle(
    { id }: Mail,
    outcome: Parameters<typeof settleMail>[2],
    sent: Ready | null = null,
  ): Promise<void> {
    const { database, clock } = this.#dependencies;
    return transact(database, async (transaction) => {
      await settleMail(transaction, id, outcome);
      await sent?.extend(transaction, clock());
    });
  }

  /** Null: it is not to be sent. */
  #readyToSend(mail: Mail): Promise<Ready | null> {
    if (mail.notice !== null) return this.#toFirm(mail, JSON.parse(mail.notice) as Notice);
    return mail.user_id === null ? this.#signIn(mail) : this.#toUser(mail);
  }

  /** Null: the firm is no partner any more. */
  async #toFirm({ recipient, partner_id }: Mail, notice: Notice): Promise<Ready | null> {
    const { database, publicUrl } = this.#dependencies;
    const partner = await findPartner(database.read, partner_id!);
    if (!partner?.is_active) return null;
    const message = noticeMessage(recipient, partner.name, notice, publicUrl());
    return { message, extend: async () => {} };
  }

  /** Makes the links of a mail; null: it is too late, or the address may not sign in. */
  async #signIn({ recipient, browser, asked_at }: Mail): Promise<Ready | null> {
    const { database, clock, random, publicUrl } = this.#dependencies;
    const now = clock();
    if (now - asked_at > lifetimes.link * second) return null;
    const secrets: string[] = [];
    const lines: SignInLine[] = [];
    await transact(database, async (transaction) => {
      for (const address of await findSignInAddresses(transaction, recipient)) {
        const ends = endOfLinks(now);
        const secret = await createSignInLink(transaction, address, browser, ends, random);
        secrets.push(secret);
        lines.push({ partnerName: address.name, link: signInLink(publicUrl(), secret) });
      }
    });
    if (lines.length === 0) return null;
    return {
      message: signInMessage(recipient, lines),
      extend: async (transaction, now) => {
        await extendLinks(transaction, secrets, endOfLinks(now));
        await dropOthers(transaction, recipient);
      },
    };
  }

  /** Null: the link has expired, was used or ended, or another secret encrypted it. */
  async #toUser({ recipient, link }: Mail): Promise<Ready | null> {
    const { database, clock, decrypt, publicUrl } = this.#dependencies;
    const secret = link && decrypt(link);
    const trader = secret && (await findWorkingTrader(database.read, 'link', secret, clock()));
    if (!trader) return null;
    const { company_name, name } = trader.partner;
    const firm = company_name ?? name;
    return {
      message: traderMessage(recipient, { firm, link: traderLink(publicUrl(), secret) }),
      extend: (transaction, now) =>
        extendTraderLink(transaction, secret, now + lifetimes.traderLink * second),
    };
  }
}

function endOfLinks(sentAt: number): number {
  return sentAt + lifetimes.link * second;
}

/** What went wrong, without the mail server's reply: that may quote the mail, and its link. */
function problemOf(error: unknown): string {
  if (error instanceof NoMailer) return error.message;
  const { code, command, responseCode } = Object(error) as Record<string, unknown>;
  return ['The mail could not be sent:', code ?? 'unknown', command, responseCode]
    .filter((part) => part !== undefined)
    .join(' ');
}
