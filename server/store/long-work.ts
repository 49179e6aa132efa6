import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, waitForLock } from './database.ts';
import { isBusy, isStorageFailure } from './dialect.ts';

/**
 * Long work is written in many short steps. All processes leave the lock alone in the same moments of
 * the machine's clock, so that whoever waits for it gets it then: a pause is longer than the pauses
 * between the tries of one who waits.
 */
const cycle = 470;
const pause = 70;

/** The last step of each database: one step of a process follows another. */
const last = new WeakMap<Database, Promise<unknown>>();

/** Performs `work` while a thread does nothing else. */
export type Alone = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Performs a step that takes at most some 50 ms in the process's turn to write, and on a thread that
 * `alone` keeps free for it: the turn is not taken before. While another process holds the lock, it is
 * tried again for up to `wait` ms.
 */
export function takeStep<Result>(
  database: Database,
  alone: Alone,
  step: () => Promise<Result>,
  wait: number,
): Promise<Result> {
  const before = last.get(database) ?? Promise.resolve();
  const inTurn = () => database.inTurn(() => verified(database, step), true);
  const taken = before.then(async () => {
    await untilWorkingTime();
    return waitForLock(() => alone(inTurn), wait);
  });
  last.set(
    database,
    taken.catch(() => {}),
  );
  return taken;
}

async function untilWorkingTime(): Promise<void> {
  const at = Date.now() % cycle;
  if (at < pause) await sleep(pause - at);
}

/** What was written to a lost file is not acknowledged. */
async function verified<Result>(database: Database, step: () => Promise<Result>): Promise<Result> {
  database.verify();
  try {
    const result = await step();
    database.verify();
    database.outcomes.succeeded();
    return result;
  } catch (error) {
    if (isStorageFailure(error) && !isBusy(error)) database.outcomes.failed(error);
    throw error;
  }
}
