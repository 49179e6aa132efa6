import type { AuditActor } from '../../shared/answers/audit.ts';
import { type Database, transact } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import { changeRunning, type ImportRecord } from '../store/imports.ts';
import { beginUndoing } from './undoing.ts';

/** For how long an import must have said nothing to be taken for interrupted, ms. */
const longestSilence = 10_000;

/**
 * Finds imports whose process has ended while they were running, and begins to take them back. What
 * they say is compared with what they said before, not with any clock: two machines' clocks differ,
 * and one that jumps must end nothing.
 */
export class InterruptedImports {
  readonly #database: Database;
  readonly #random: Random;
  /** What each running import has said, since when, by performance.now(), and whether it said more. */
  #seen = new Map<string, { said: string; since: number; isAlive: boolean }>();

  constructor(database: Database, random: Random) {
    this.#database = database;
    this.#random = random;
  }

  /**
   * To be called every few seconds. `isOwn`: whether this process goes on with the import with an id.
   * Returns whether imports are being taken back, and whether of any that is running it is not known
   * yet whether its process has ended.
   */
  async look(
    now: number,
    isOwn: (id: string) => boolean = () => false,
  ): Promise<{ isUndoing: boolean; isUnsure: boolean }> {
    const going = await this.#database.read
      .selectFrom('imports')
      .selectAll()
      .where('state', 'in', ['running', 'undoing'])
      .execute();
    const running = going.filter(({ state, id }) => state === 'running' && !isOwn(id));
    const interrupted = running.filter((each) => this.#isSilent(each));
    const ids = running.map(({ id }) => id);
    this.#seen = new Map([...this.#seen].filter(([id]) => ids.includes(id)));
    for (const each of interrupted) {
      await this.#takeOver(each, now);
      this.#seen.delete(each.id);
    }
    return {
      isUndoing: interrupted.length > 0 || going.some(({ state }) => state === 'undoing'),
      isUnsure: running.some(({ id }) => this.#seen.get(id)?.isAlive === false),
    };
  }

  #isSilent({ id, owner, beats }: ImportRecord): boolean {
    if (owner === null) return true;
    const said = `${owner} ${beats}`;
    const before = this.#seen.get(id);
    if (before?.said === said) return performance.now() - before.since >= longestSilence;
    this.#seen.set(id, { said, since: performance.now(), isAlive: before !== undefined });
    return false;
  }

  async #takeOver(silent: ImportRecord, now: number): Promise<void> {
    const { handle } = this.#database;
    await transact(this.#database, async (transaction) => {
      const writing = { transaction, handle, now, random: this.#random };
      // It may have said something meanwhile.
      if (!(await changeRunning(transaction, silent, { owner: null }))) return;
      await beginUndoing(writing, silent, 'interrupted', false, importerOf(silent));
    });
  }
}

/** Who has begun an import. */
export function importerOf({ actor, ...record }: Omit<ImportRecord, 'refusals'>): AuditActor {
  const { actor_id: id, actor_name: name, actor_key_id: key_id } = record;
  return { type: actor, id, name, key_id };
}
