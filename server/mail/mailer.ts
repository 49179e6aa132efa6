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

/** Hands a message on. Rejects when it could not be; then it is tried again. */
export type SendMail = (message: Message) => Promise<void>;

/** There is no way for mail to leave; its message says what is missing. */
export class NoMailer extends Error {}

interface Post {
  database: Database;
  clock: () => number;
  random: Random;
  send: SendMail;
  publicUrl: () => string;
  /** That a mail could not be sent: takes no address and no link. */
  complain(problem: string): void;
}

/** How long a mail that is being sent is nobody else's, ms. */
const claim = 300_000;
/** Until the first of the next tries, ms; each waits three times as long as the one before, up to a minute. */
const firstPause = 5_000;
const longestPause = minute;
/** So many are on their way at once, so that a mail server that is slow with one holds up no other. */
const mostAtOnce = 5;

interface Links {
  secrets: string[];
  lines: SignInLine[];
}

/**
 * Sends what is in the queue. A link is made only when its mail leaves, so that nothing secret is
 * ever in the queue, and whoever asks for one waits as long for a known address as for an unknown.
 */
export class Mailer {
  readonly #post: Post;
  readonly #lanes = new Set<Promise<void>>();
  #isClosed = false;

  constructor(post: Post) {
    this.#post = post;
  }

  /** Sends what is due. Never rejects. */
  async sendDue(): Promise<void> {
    await this.#unlessUnreachable(() => this.#begin());
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
  }

  /** Sends nothing more. What is on its way is sent, or again by the next process. */
  close(): void {
    this.#isClosed = true;
  }

  async #begin(): Promise<void> {
    const { database, clock } = this.#post;
    if (!(await isMailDue(database.read, clock()))) return;
    while (await dropUnknown(database.write, clock()));
    this.#openLane();
  }

  /** Each sends one mail after another, and opens the next when it has one to send. */
  #openLane(): void {
    if (this.#isClosed || this.#lanes.size >= mostAtOnce) return;
    const lane = this.#unlessUnreachable(() => this.#sendOneByOne()).finally(() =>
      this.#lanes.delete(lane),
    );
    this.#lanes.add(lane);
  }

  async #sendOneByOne(): Promise<void> {
    const { database, clock } = this.#post;
    while (!this.#isClosed) {
      const now = clock();
      const mail = await claimMail(database.write, now, now + claim);
      if (!mail) return;
      this.#openLane();
      await this.#deliver(mail);
    }
  }

  async #unlessUnreachable(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // The queue can't be read or written now; the next call finds it as it is.
      if (!this.#isClosed && !isStorageFailure(error)) this.#post.complain(String(error));
    }
  }

  async #deliver(mail: Mail): Promise<void> {
    const { clock, send, complain } = this.#post;
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
      complain(problem);
      return;
    }
    if (!this.#isClosed) await this.#settle(mail, { state: 'sent', problem: null }, secrets);
  }

  /**
   * Waits for other writers: what was sent must not be sent again. From its sending on the links last,
   * and it answers whatever else was asked for its recipient until then.
   */
  #settle(
    { id, recipient }: Mail,
    outcome: Parameters<typeof settleMail>[2],
    sent: readonly string[] = [],
  ): Promise<void> {
    const { database, clock } = this.#post;
    return transact(database, async (transaction) => {
      await settleMail(transaction, id, outcome);
      if (sent.length === 0) return;
      await extendLinks(transaction, sent, endOfLinks(clock()));
      await dropOthers(transaction, recipient);
    });
  }

  #makeLinks({ recipient, browser }: Mail): Promise<Links> {
    const { database, clock, random, publicUrl } = this.#post;
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

/** What went wrong, without what the other side said: that may quote the mail, and its link. */
function problemOf(error: unknown): string {
  if (error instanceof NoMailer) return error.message;
  const { code, command, responseCode } = Object(error) as Record<string, unknown>;
  return ['The mail could not be sent:', code ?? 'unknown', command, responseCode]
    .filter((part) => part !== undefined)
    .join(' ');
}
