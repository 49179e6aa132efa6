import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { second } from '../shared/time.ts';
import { type Attempt, isSuccess, type Outcome, type WebhookKey } from './events/attempts.ts';
import {
  type Dispatched,
  dueWebhooks,
  endLeases,
  type LeasedWebhook,
  type Post,
} from './events/dispatch.ts';
import type { Sending } from './events/send.ts';
import { ServedWebhook } from './served-webhook.ts';
import { type Database, transact } from './store/database.ts';
import { isStorageFailure } from './store/dialect.ts';
import type { Random } from './store/ids.ts';
import { readAccessChanges } from './store/keys.ts';
import type { SenderThread } from './threads/sender-thread.ts';
import type { Writer } from './threads/writer-thread.ts';

interface DelivererDependencies {
  database: Database;
  writer: Writer;
  sender: Pick<SenderThread, 'send'>;
  clock: () => number;
  random: Random;
  /** Whether the clock can be trusted at a time that it tells. */
  trustsClock(now: number): boolean;
  canMail: () => boolean;
  logError(problem: string): void;
}

/** How many webhooks are served at once, of those that work and of those that fail. */
const mostWebhooks = { working: 500, failing: 500 };
/** How many deliveries are on their way at once, of those to webhooks that work. */
const mostInFlight = 1_000;
/** How many webhooks leave at once when others wait for a place. */
const leavingAtOnce = 50;
/** A lease of another process must have been seen to be over for so long before it is taken, ms. */
const takenAfter = second;
/** How many attempts are settled at once, and after how many characters of answers no more are. */
const mostSettled = 100;
const mostAnswers = 256 * 1024;
/** How often it is looked for what has fallen due, ms by the clock: a commit is seen at once. */
const lookEvery = 100;
/** How often at most, while some are served, ms. */
const lookAtMostEvery = 10;
/** How long it is waited for others that end in the same moment, ms. */
const gathering = { usual: 1, ahead: 4 };
/** How long after the last time leases are renewed, ms: they end after events/dispatch.ts's `lease`. */
const renewAfter = 2 * second;
/** What took longer than this to be handed out is not begun: the lease may have ended, ms. */
const longestHandOut = 3 * second;
/** The pause after something has failed here, ms. */
const pauseAfterFailure = second;
/** How long a stopping server waits for what is on its way, ms, and for writing down how it went. */
const closing = { inFlight: 600, settling: 400 };

/**
 * Delivers events to webhooks. What to begin is read and what became of it is written on the thread
 * that writes, one operation after another; another thread sends.
 */
export class Deliverer {
  readonly #dependencies: DelivererDependencies;
  /** By which the leases of this process are known. */
  readonly #holder: string;
  readonly #served = new Map<string, ServedWebhook>();
  /** What is not written down yet. */
  #attempts: Attempt[] = [];
  #edition: string | null = null;
  #version: number | null = null;
  #isMore = false;
  /** When it was last looked for what is due, by performance.now() and by the clock. */
  #looked = { at: -Infinity, clock: -Infinity };
  /** Whether something was committed since, and whether something was due. */
  #isChanged = true;
  #isDue = false;
  /** Since when leases of other processes are seen to be over, by webhook; by performance.now(). */
  #over = new Map<string, number>();
  /** The number of changes by which it is known what may be begun (store/keys.ts), at a version. */
  #changes = { version: -1, count: -1 };
  /** When something was last dispatched, by performance.now(). */
  #dispatchedAt = -Infinity;
  /** Nothing is done before then, by performance.now(). */
  #notBefore = -Infinity;
  #running: Promise<void> | null = null;
  #wake = () => {};
  /** Whether nothing more is begun, and nothing that is on its way waited for. */
  #isClosed = false;
  #isGone = false;

  constructor(dependencies: DelivererDependencies) {
    this.#dependencies = dependencies;
    this.#holder = dependencies.random(8).toString('hex');
  }

  /**
   * Delivers what is due, until nothing is on its way any more; to be called every few ms, as it sees
   * by this what others have committed. Never rejects.
   */
  deliver(): Promise<void> {
    this.#wake();
    if (this.#isClosed) return Promise.resolve();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (await this.#unlessUnreachable(() => this.#goOn())) continue;
      if (!this.#isBusy()) return;
      await woken;
    }
  }

  #isBusy(): boolean {
    return this.#attempts.length > 0 || [...this.#served.values()].some(({ isBusy }) => isBusy);
  }

  get #inFlight(): number {
    return [...this.#served.values()].reduce((sum, { inFlight }) => sum + inFlight.size, 0);
  }

  /** Dispatches, if there is something to. Returns whether there was. */
  async #goOn(): Promise<boolean> {
    if (performance.now() < this.#notBefore || !(await this.#hasWork())) return false;
    // Others end in the same ms: each operation costs.
    if (this.#inFlight > 0) await sleep(this.#isAhead() ? gathering.ahead : gathering.usual);
    await this.#dispatch();
    return true;
  }

  /** Whether all that is served can go on without another operation. */
  #isAhead(): boolean {
    return !this.#isDue && [...this.#served.values()].every(({ hasRoom }) => !hasRoom);
  }

  async #unlessUnreachable(work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      // What can't be written is kept, and written later.
      if (!isStorageFailure(error)) this.#dependencies.logError(String(error));
      this.#notBefore = performance.now() + pauseAfterFailure;
      return false;
    }
  }

  async #hasWork(): Promise<boolean> {
    const { database } = this.#dependencies;
    this.#forgetOtherFile(database.edition());
    const version = database.version();
    const isNew = version !== this.#version;
    this.#version = version;
    this.#isChanged ||= isNew;
    await this.#lookForDue();
    const isToRenew = performance.now() - this.#dispatchedAt > renewAfter;
    const served = [...this.#served.values()];
    return (
      this.#isDue ||
      this.#isMore ||
      this.#attempts.length > 0 ||
      (isToRenew && served.length > 0) ||
      (isNew && served.some(({ hasRoom }) => hasRoom))
    );
  }

  /** Looks whether a webhook is due that nobody serves: after commits, and every now and then. */
  async #lookForDue(): Promise<void> {
    const { database, clock } = this.#dependencies;
    const now = clock();
    const isSoon = performance.now() - this.#looked.at < lookAtMostEvery;
    if (!this.#isChanged && Math.abs(now - this.#looked.clock) < lookEvery) return;
    // While much is on its way, there is a commit every ms.
    if (this.#served.size > 0 && isSoon) return;
    this.#looked = { at: performance.now(), clock: now };
    this.#isChanged = false;
    const due = await sql`select 1 from ${dueWebhooks(now)} limit 1`.execute(database.read);
    this.#isDue = due.rows.length > 0;
  }

  /** What was on its way belongs to webhooks that another file may not have. */
  #forgetOtherFile(edition: string): void {
    if (this.#edition === edition) return;
    this.#edition = edition;
    for (const served of this.#served.values()) served.dropWaiting();
    this.#served.clear();
    this.#attempts = [];
    this.#isMore = false;
    this.#isChanged = true;
  }

  async #dispatch(): Promise<void> {
    const { writer, database, clock, canMail, trustsClock } = this.#dependencies;
    const attempts = this.#attempts.splice(0, this.#countSettled());
    const begun = performance.now();
    this.#isMore = false;
    const room = this.#room();
    const working = [...this.#served.values()].filter(({ isFailing }) => !isFailing).length;
    const asked = {
      ...{ holder: this.#holder, attempts, leased: this.#leased(), room },
      slots: Math.max(1, Math.floor(mostInFlight / Math.max(1, working))),
      taking: [...this.#over].filter(([, at]) => begun - at > takenAfter).map(([id]) => id),
      ...{ trustsClock: trustsClock(clock()), canMail: canMail() },
    };
    const how = { turn: 'dispatch', clock };
    try {
      const dispatched = await writer.run(database, { kind: 'dispatch', asked }, how);
      this.#dispatchedAt = begun;
      if (room.working + room.failing > 0) this.#noteOver(dispatched.over);
      this.#take(dispatched, performance.now() - begun < longestHandOut);
    } catch (error) {
      this.#attempts.unshift(...attempts);
      this.#isChanged = true;
      throw error;
    }
  }

  #countSettled(): number {
    let characters = 0;
    const end = this.#attempts.findIndex((attempt, index) => {
      characters += attempt.answer.length;
      return index === mostSettled || characters > mostAnswers;
    });
    return end < 0 ? this.#attempts.length : Math.max(1, end);
  }

  /** Those that were not served for longest come first, as there may not be time for all. */
  #leased(): LeasedWebhook[] {
    const settling = Map.groupBy(this.#attempts, keyOf);
    const inTurn = [...this.#served].sort(([, one], [, other]) => one.servedAt - other.servedAt);
    return inTurn.map(([key, served]) => served.describe(settling.get(key) ?? []));
  }

  #room(): { working: number; failing: number } {
    if (!this.#isDue) return { working: 0, failing: 0 };
    this.#isDue = false;
    const served = [...this.#served.values()];
    const failing = served.filter(({ isFailing }) => isFailing);
    const working = served.filter(({ isFailing }) => !isFailing);
    return {
      working: makeRoom(working, mostWebhooks.working),
      failing: makeRoom(failing, mostWebhooks.failing),
    };
  }

  #noteOver(ids: readonly string[]): void {
    const known = this.#over;
    this.#over = new Map(ids.map((id) => [id, known.get(id) ?? performance.now()]));
  }

  /** `isInTime`: what was handed out may be begun, as the leases have not ended meanwhile. */
  #take({ leased, posts, changes, isMore }: Dispatched, isInTime: boolean): void {
    this.#isMore ||= isMore;
    const handed = Map.groupBy(posts, keyOf);
    const failed = new Set(this.#attempts.filter((each) => !isSuccess(each)).map(keyOf));
    for (const each of leased) {
      const key = keyOf(each);
      const served = this.#served.get(key) ?? new ServedWebhook(each);
      this.#served.set(key, served);
      // An operation knows nothing of what has failed since it began.
      if (!isInTime || failed.has(key)) served.scanAgain();
      served.take(each, handed.get(key) ?? [], changes);
      if (failed.has(key)) served.fail();
    }
    const isLeased = new Set(leased.map(keyOf));
    for (const [key, served] of this.#served) {
      // What is on its way to one that another process serves now is still waited for.
      if (!isLeased.has(key)) served.dropWaiting();
      if (!isLeased.has(key) && !served.isBusy) this.#served.delete(key);
      else void this.#beginWaiting(served);
    }
  }

  /** Begins what was handed out of a webhook's deliveries, as far as it may. Never rejects. */
  async #beginWaiting(served: ServedWebhook): Promise<void> {
    await this.#unlessUnreachable(async () => {
      const changes = await this.#readChanges();
      const isOld = performance.now() - this.#dispatchedAt > longestHandOut;
      if (isOld || served.isStale(changes)) {
        served.dropWaiting();
        this.#isMore = true;
        this.#wake();
      }
      if (this.#isClosed) return false;
      for (let post = served.next(); post; post = served.next()) this.#begin(served, post);
      return false;
    });
  }

  async #readChanges(): Promise<number> {
    const { database } = this.#dependencies;
    const version = database.version();
    if (version !== this.#changes.version)
      this.#changes = { version, count: await readAccessChanges(database.read) };
    return this.#changes.count;
  }

  #begin(served: ServedWebhook, post: Post): void {
    const { clock, logError } = this.#dependencies;
    const { partnerId, webhookId, number, url, digest, ...message } = post;
    const at = clock();
    served.servedAt = performance.now();
    served.inFlight.add(number);
    void this.#send(served, { ...message, url, at })
      .catch((error): Outcome => {
        if (!this.#isClosed) logError(String(error));
        // Whether it was sent is not known: it is sent again.
        const problem = 'connection_failed';
        return { status: null, problem, duration: 0, answer: '', retryAfter: null };
      })
      .then((outcome) => {
        // What a stopping server has cut short is as if it had not begun.
        if (this.#isGone || this.#served.get(keyOf(post)) !== served) return;
        served.inFlight.delete(number);
        const made = { partnerId, webhookId, number, id: message.id, url, digest, at };
        if (outcome) this.#attempts.push({ ...made, ...outcome });
        else {
          served.scanAgain();
          this.#isMore = true;
        }
        if (outcome && !isSuccess(outcome)) served.fail();
        this.#wake();
        return this.#beginWaiting(served);
      });
  }

  /**
   * Sends a message. If it took long to connect, it is looked first whether it is still to be sent as
   * it is; null: it is not.
   */
  async #send(served: ServedWebhook, sending: Omit<Sending, 'isPrompt'>): Promise<Outcome | null> {
    const { sender, clock } = this.#dependencies;
    const { changes } = served;
    const outcome = await sender.send({ ...sending, isPrompt: true });
    if (outcome) return outcome;
    const isAsBefore = changes === (await this.#readChanges()) && this.#isLeasedStill(served);
    if (this.#isClosed || !isAsBefore) return null;
    return sender.send({ ...sending, at: clock(), isPrompt: false });
  }

  #isLeasedStill(served: ServedWebhook): boolean {
    const isRenewed = performance.now() - this.#dispatchedAt <= longestHandOut;
    return isRenewed && this.#served.get(keyOf(served)) === served;
  }

  /** Begins nothing more, and gives back what it has leased once what is on its way has arrived. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#running;
    const deadline = performance.now() + closing.inFlight;
    while (this.#inFlight > 0 && performance.now() < deadline) await sleep(10);
    this.#isGone = true;
    if (this.#served.size === 0 && this.#attempts.length === 0) return;
    await this.#unlessUnreachable(async () => {
      await Promise.race([this.#giveBack(), sleep(closing.settling)]);
      return false;
    });
  }

  async #giveBack(): Promise<void> {
    const { database } = this.#dependencies;
    do await this.#dispatch();
    while (this.#attempts.length > 0);
    await transact(database, async () => endLeases(database.handle, this.#holder), 0);
  }
}

/**
 * How many more may be served. If none, those that have been for longest leave once what is on its way
 * to them has arrived.
 */
function makeRoom(served: readonly ServedWebhook[], most: number): number {
  if (served.length < most) return most - served.length;
  const staying = served.filter(({ isLeaving }) => !isLeaving);
  if (staying.length < served.length) return 0;
  const inTurn = staying.toSorted((one, other) => one.leasedAt - other.leasedAt);
  for (const one of inTurn.slice(0, leavingAtOnce)) one.isLeaving = true;
  return 0;
}

function keyOf({ partnerId, webhookId }: WebhookKey): string {
  return `${partnerId} ${webhookId}`;
}
