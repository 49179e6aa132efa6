import { lifetimes } from '../../shared/access.ts';
import { minute, second } from '../../shared/time.ts';
import { type Database, transact } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import type { Random } from '../store/ids.ts';
import {
  claimMail,
  dropOthers,
  dropUnknown,
  isMailDue,
  type Mail,
  settleMail,
} from '../store/mail.ts';
import {
  createSignInLink,
  extendLinks,
  findSignInAddresses,
  signInLink,
} from '../store/sign-in.ts';
import { type Message, type SignInLine, signInMessage } from './message.ts';

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

interface Links {
  secrets: string[];
  lines: SignInLine[];
}

/**
 * Sends the mails in the queue. A link is created only when its mail is sent. So the queue never
 * contains a secret, and a request for a link takes as long for a known address as for an unknown
 * one.
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
    const isTooLate = clock() - mail.asked_at > lifetimes.link * second;
    const { secrets, lines } = isTooLate ? noLinks : await this.#makeLinks(mail);
    if (lines.length === 0) {
      await this.#settle(mail, { state: 'dropped' });
      return;
    }
    try {
      await send(signInMessage(mail.recipient, lines));
    } catch (error) {
      const problem = problemOf(error);
      const pause = Math.min(longestPause, firstPause * 3 ** (mail.attempts - 1));
      if (this.#isClosed) return;
      await this.#settle(mail, { due_at: clock() + pause, problem });
      logError(problem);
      return;
    }
    if (!this.#isClosed) await this.#settle(mail, { state: 'sent', problem: null }, secrets);
  }

  /**
   * Writes down what became of a mail. Waits for other writers, as a mail that was sent must not be
   * sent again. Its links expire a full lifetime after it was sent, and other mails that wait for
   * the same recipient are dropped.
   */
  #settle(
    { id, recipient }: Mail,
    outcome: Parameters<typeof settleMail>[2],
    sent: readonly string[] = [],
  ): Promise<void> {
    const { database, clock } = this.#dependencies;
    return transact(database, async (transaction) => {
      await settleMail(transaction, id, outcome);
      if (sent.length === 0) return;
      await extendLinks(transaction, sent, endOfLinks(clock()));
      await dropOthers(transaction, recipient);
    });
  }

  #makeLinks({ recipient, browser }: Mail): Promise<Links> {
    const { database, clock, random, publicUrl } = this.#dependencies;
    const expiresAt = endOfLinks(clock());
    return transact(database, async (transaction) => {
      const links: Links = { secrets: [], lines: [] };
      for (const address of await findSignInAddresses(transaction, recipient)) {
        const secret = await createSignInLink(transaction, address, browser, expiresAt, random);
        links.secrets.push(secret);
        links.lines.push({ partnerName: address.name, link: signInLink(publicUrl(), secret) });
      }
      return links;
    });
  }
}

const noLinks: Links = { secrets: [], lines: [] };

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
