import type { ServerResponse } from 'node:http';
import type { LRUCache } from 'lru-cache';
import { type AskedQuestion, identityOf } from './answering.ts';
import { type Answer, answerMemory } from './answers.ts';
import type { AccountState } from './store/accounts.ts';
import type { Database } from './store/database.ts';
import type { Partner } from './store/partners.ts';
import type { Readers } from './threads/readers.ts';
import { WaitingClients } from './waiting-clients.ts';

/** An answer that readers are asked for. */
interface Begun {
  answer: Promise<Answer>;
  clients: WaitingClients;
}

/**
 * The answers in memory, and those that readers are working out: who asks the same meanwhile waits
 * for the same. An answer is found by its identity, which holds all that it depends on, so it never
 * expires.
 */
export class KnownAnswers {
  readonly #database: Database;
  readonly #readers: Readers;
  readonly #finished: LRUCache<string, Answer>;
  readonly #begun = new Map<string, Begun>();

  /** `bytes`: how much memory finished answers may take. */
  constructor(database: Database, readers: Readers, bytes: number) {
    this.#database = database;
    this.#readers = readers;
    this.#finished = answerMemory(bytes);
  }

  /**
   * `account`: that of the question; null: it is about none, or about one that does not exist.
   * `turn`: who asks, of all that take turns. `response`: that of the request, which waits.
   */
  find(
    asked: AskedQuestion,
    partner: Partner,
    account: AccountState | null,
    turn: string,
    response: ServerResponse,
  ): Answer | Promise<Answer> {
    const name = `${asked.encoding} ${identityOf(asked, partner, account)}`;
    const finished = this.#finished.get(name);
    if (finished) return finished;
    const begun = this.#begun.get(name) ?? this.#begin(name, asked, turn);
    begun.clients.add(response);
    return begun.answer;
  }

  #begin(name: string, asked: AskedQuestion, turn: string): Begun {
    const clients = new WaitingClients();
    const forget = () => {
      if (this.#begun.get(name) === begun) this.#begun.delete(name);
    };
    const isAwaited = () => {
      const areThere = clients.areThere();
      // Forgotten at once: who asks the same now must not wait for what is being dropped.
      if (areThere === false) forget();
      return areThere;
    };
    const answer = this.#readers
      .ask(this.#database, asked, turn, isAwaited)
      .then(({ answer, identity }) => {
        this.#finished.set(`${asked.encoding} ${identity}`, answer);
        return answer;
      })
      .finally(forget);
    const begun = { answer, clients };
    this.#begun.set(name, begun);
    return begun;
  }
}
