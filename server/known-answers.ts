import type { LRUCache } from 'lru-cache';
import { type AskedQuestion, identityOf } from './answering.ts';
import { type Answer, answerMemory } from './answers.ts';
import type { AccountState } from './store/accounts.ts';
import type { Database } from './store/database.ts';
import type { Partner } from './store/partners.ts';
import type { Readers } from './threads/readers.ts';

/**
 * The answers in memory, and those that readers are working out: who asks the same meanwhile waits
 * for the same. An answer is found by its identity, which holds all that it depends on, so it never
 * expires.
 */
export class KnownAnswers {
  readonly #database: Database;
  readonly #readers: Readers;
  readonly #finished: LRUCache<string, Answer>;
  readonly #begun = new Map<string, Promise<Answer>>();

  /** `bytes`: how much memory finished answers may take. */
  constructor(database: Database, readers: Readers, bytes: number) {
    this.#database = database;
    this.#readers = readers;
    this.#finished = answerMemory(bytes);
  }

  /**
   * `account`: that of the question; null: it is about none, or about one that does not exist.
   * `turn`: who asks, of all that take turns.
   */
  find(
    asked: AskedQuestion,
    partner: Partner,
    account: AccountState | null,
    turn: string,
  ): Answer | Promise<Answer> {
    const name = `${asked.encoding} ${identityOf(asked, partner, account)}`;
    return this.#finished.get(name) ?? this.#begun.get(name) ?? this.#begin(name, asked, turn);
  }

  #begin(name: string, asked: AskedQuestion, turn: string): Promise<Answer> {
    const begun = this.#readers
      .ask(this.#database, asked, turn)
      .then(({ answer, identity }) => {
        this.#finished.set(`${asked.encoding} ${identity}`, answer);
        return answer;
      })
      .finally(() => this.#begun.delete(name));
    this.#begun.set(name, begun);
    return begun;
  }
}
