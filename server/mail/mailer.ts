import { lifetimes } from '../../shared/access.ts';
import { type Database, transact } from '../store/database.ts';
import { isStorageFailure } from '../store/dialect.ts';
import type { Random } from '../store/ids.ts';
import { claimMail, type Mail, settleMail } from '../store/mail.ts';
import { createSignInLink, findSignInAddresses, signInLink } from '../store/sign-in.ts';
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
/** Until the first of the next tries, ms; each waits three times as long as the one before. */
const firstPause = 5_000;

/**
 * Sends what is in the queue. A link is made only when its mail leaves, so that nothing secret is
 * ever in the queue, and whoever asks for one waits as long for a known address as for an unknown.
 */
export class Mailer {
  readonly #post: Post;
  #sending: Promise<void> | null = null;
  #isClosed = false;

  constructor(post: Post) {
    this.#post = post;
  }

  /** Sends what is due. Never rejects. */
  sendDue(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  /** Sends nothing more. What is on its way is sent, or again by the next process. */
  close(): void {
    this.#isClosed = true;
  }

  async #sendAll(): Promise<void> {
    const { database, clock } = this.#post;
    try {
      while (!this.#isClosed) {
        const now = clock();
        const mail = await claimMail(database.write, now, now + claim);
        if (!mail) return;
        await this.#deliver(mail);
      }
    } catch (error) {
      // The queue can't be read or written now; the next call finds it as it is.
      if (!this.#isClosed && !isStorageFailure(error)) this.#post.complain(String(error));
    }
  }

  async #deliver(mail: Mail): Promise<void> {
    const { clock, send, complain } = this.#post;
    const isTooLate = clock() - mail.asked_at > lifetimes.link * 1_000;
    const lines = isTooLate ? [] : await this.#makeLinks(mail);
    if (lines.length === 0) {
      await this.#settle(mail, { state: 'dropped' });
      return;
    }
    try {
      await send(signInMessage(mail.recipient, lines));
    } catch (error) {
      const problem = problemOf(error);
      const pause = firstPause * 3 ** (mail.attempts - 1);
      if (this.#isClosed) return;
      await this.#settle(mail, { due_at: clock() + pause, problem });
      complain(problem);
      return;
    }
    if (!this.#isClosed) await this.#settle(mail, { state: 'sent', problem: null });
  }

  /** Waits for other writers: what was sent must not be sent again. */
  #settle({ id }: Mail, outcome: Parameters<typeof settleMail>[2]): Promise<void> {
    return transact(this.#post.database, (transaction) => settleMail(transaction, id, outcome));
  }

  #makeLinks({ recipient, browser }: Mail): Promise<SignInLine[]> {
    const { database, clock, random, publicUrl } = this.#post;
    const expiresAt = clock() + lifetimes.link * 1_000;
    return transact(database, async (transaction) => {
      const lines: SignInLine[] = [];
      for (const address of await findSignInAddresses(transaction, recipient)) {
        const secret = await createSignInLink(transaction, address, browser, expiresAt, random);
        lines.push({ partnerName: address.name, link: signInLink(publicUrl(), secret) });
      }
      return lines;
    });
  }
}

/** What went wrong, without what the other side said: that may quote the mail, and its link. */
function problemOf(error: unknown): string {
  if (error instanceof NoMailer) return error.message;
  const { code, command, responseCode } = Object(error) as Record<string, unknown>;
  return ['The mail could not be sent:', code ?? 'unknown', command, responseCode]
    .filter((part) => part !== undefined)
    .join(' ');
}
