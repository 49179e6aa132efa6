import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { second } from '../shared/time.ts';
import type { Attempt, Outcome, WebhookKey } from './events/attempts.ts';
import {
  type Dispatched,
  dueWebhooks,
  endLeases,
  type LeasedWebhook,
  type Post,
} from './events/dispatch.ts';
import { mayBeSentTo } from './events/owing.ts';
import type { Sending } from './events/send.ts';
import { type Database, transact } from './store/database.ts';
import { isStorageFailure } from './store/dialect.ts';
import type { Random } from './store/ids.ts';
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
/** How long after the last time leases are renewed, ms: they end after events/dispatch.ts's `lease`. */
const renewAfter = 2 * second;
/** What took longer than this to be handed out is not begun: the lease may have ended, ms. */
const longestHandOut = 3 * second;
/** The pause after something has failed here, ms. */
const pauseAfterFailure = second;
/** How long a stopping server waits for what is on its way, ms, and for writing down how it went. */
const closing = { inFlight: 600, settling: 400 };

interface Served extends WebhookKey {
  /** How many may be on their way at once: one, if it fails. */
  slots: number;
  inFlight: Set<number>;
  /** As of a LeasedWebhook. */
  seen: number;
  /** When it was leased, and when something was last begun, by performance.now(). */
  leasedAt: number;
  servedAt: number;
  /** As of a LeasedWebhook. */
  isLeaving: boolean;
}

/**
 * Delivers events to webhooks. What to begin is read and what became of it is written on the thread
 * that writes, one operation after another; another thread sends.
 */
export class Deliverer {
  readonly #dependencies: DelivererDependencies;
  /** By which the leases of this process are known. */
  readonly #holder: string;
  #served = new Map<string, Served>();
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
  /** The webhooks of which something that was handed out was not begun: it is handed out again. */
  readonly #toScan = new Set<string>();
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
    return this.#attempts.length > 0 || this.#inFlight > 0;
  }

  get #inFlight(): number {
    return [...this.#served.values()].reduce((sum, { inFlight }) => sum + inFlight.size, 0);
  }

  /** Dispatches, if there is something to. Returns whether there was. */
  async #goOn(): Promise<boolean> {
    if (performance.now() < this.#notBefore || !(await this.#hasWork())) return false;
    // Others end in the same ms: each operation costs.
    if (this.#inFlight > 0) await sleep(1);
    await this.#dispatch();
    return true;
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
      (isNew && served.some(hasFreeSlot))
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
    this.#served = new Map();
    this.#attempts = [];
    this.#isMore = false;
    this.#isChanged = true;
  }

  async #dispatch(): Promise<void> {
    const { writer, database, clock, canMail, trustsClock } = this.#dependencies;
    const attempts = this.#attempts.splice(0, this.#countSettled());
    const begun = performance.now();
    const room = this.#room();
    const working = [...this.#served.values()].filter(({ slots }) => slots !== 1).length;
    const asked = {
      ...{ holder: this.#holder, attempts, leased: this.#leased(), room },
      slots: Math.max(1, Math.floor(mostInFlight / Math.max(1, working))),
      taking: [...this.#over].filter(([, at]) => begun - at > takenAfter).map(([id]) => id),
      ...{ trustsClock: trustsClock(clock()), canMail: canMail() },
    };
    const how = { turn: 'dispatch', clock };
    try {
      const dispatched = await writer.run(database, { kind: 'dispatch', asked }, how);
      this.#dispatchedAt = performance.now();
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
    const inTurn = [...this.#served.values()].sort((one, other) => one.servedAt - other.servedAt);
    return inTurn.map(({ partnerId, webhookId, inFlight, seen, isLeaving }) => {
      const key = keyOf({ partnerId, webhookId });
      const settled = settling.get(key) ?? [];
      const open = [...inFlight, ...settled.map(({ number }) => number)];
      const place = { inFlight: open, seen: this.#toScan.has(key) ? 0 : seen, isLeaving };
      return { partnerId, webhookId, ...place };
    });
  }

  #room(): { working: number; failing: number } {
    if (!this.#isDue) return { working: 0, failing: 0 };
    this.#isDue = false;
    const served = [...this.#served.values()];
    const failing = served.filter(({ slots }) => slots === 1);
    const working = served.filter(({ slots }) => slots !== 1);
    return {
      working: makeRoom(working, mostWebhooks.working),
      failing: makeRoom(failing, mostWebhooks.failing),
    };
  }

  /** `isInTime`: what was handed out may be begun, as the leases have not ended meanwhile. */
  #take({ leased, posts, isMore, over }: Dispatched, isInTime: boolean): void {
    const isBegun = isInTime && !this.#isClosed;
    this.#isMore = isMore;
    const seenOver = this.#over;
    this.#over = new Map(over.map((id) => [id, seenOver.get(id) ?? performance.now()]));
    const before = this.#served;
    this.#served = new Map();
    for (const { partnerId, webhookId, slots, seen } of leased) {
      const key = keyOf({ partnerId, webhookId });
      const old = before.get(key);
      const isToScan = this.#toScan.delete(key);
      this.#served.set(key, {
        ...{ partnerId, webhookId, slots, isLeaving: old?.isLeaving ?? false },
        seen: isBegun && !isToScan ? seen : isToScan ? 0 : (old?.seen ?? 0),
        ...{ inFlight: old?.inFlight ?? new Set(), servedAt: old?.servedAt ?? 0 },
        leasedAt: old?.leasedAt ?? performance.now(),
      });
    }
    // What is on its way to one that another process serves now is still waited for.
    for (const [key, served] of before)
      if (!this.#served.has(key) && served.inFlight.size > 0) this.#served.set(key, served);
    if (isBegun) for (const post of posts) this.#begin(post);
  }

  #begin(post: Post): void {
    const { clock, logError } = this.#dependencies;
    const { partnerId, webhookId, number, url, digest, ...message } = post;
    const served = this.#served.get(keyOf(post))!;
    const { inFlight } = served;
    const at = clock();
    served.servedAt = performance.now();
    inFlight.add(number);
    void this.#send(post, { ...message, url, at })
      .catch((error): Outcome => {
        if (!this.#isClosed) logError(String(error));
        // Whether it was sent is not known: it is sent again.
        const problem = 'connection_failed';
        return { status: null, problem, duration: 0, answer: '', retryAfter: null };
      })
      .then((outcome) => {
        // What a stopping server has cut short is as if it had not begun.
        if (this.#isGone) return;
        inFlight.delete(number);
        const made = { partnerId, webhookId, number, id: message.id, url, digest, at };
        if (outcome) this.#attempts.push({ ...made, ...outcome });
        else {
          this.#toScan.add(keyOf(post));
          this.#isMore = true;
        }
        this.#wake();
      });
  }

  /**
   * Sends a message. If it took long to connect, it is looked first whether it is still to be sent;
   * null: it is not.
   */
  async #send(post: Post, sending: Omit<Sending, 'isPrompt'>): Promise<Outcome | null> {
    const { sender, clock } = this.#dependencies;
    const outcome = await sender.send({ ...sending, isPrompt: true });
    if (outcome) return outcome;
    if (this.#isClosed || !(await this.#isStillOwed(post))) return null;
    return sender.send({ ...sending, at: clock(), isPrompt: false });
  }

  async #isStillOwed({ partnerId, webhookId, url }: Post): Promise<boolean> {
    const { database } = this.#dependencies;
    const { rows } = await sql`select 1
      from webhooks join partners on partners.id = webhooks.partner_id
      where partner_id = ${partnerId} and webhooks.id = ${webhookId} and url = ${url}
        and webhooks.is_active = 1 and deleted_at is null and leased_by = ${this.#holder}
        and ${sql.raw(mayBeSentTo)}`.execute(database.read);
    return rows.length > 0;
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
function makeRoom(served: readonly Served[], most: number): number {
  if (served.length < most) return most - served.length;
  const staying = served.filter(({ isLeaving }) => !isLeaving);
  if (staying.length < served.length) return 0;
  const inTurn = staying.toSorted((one, other) => one.leasedAt - other.leasedAt);
  for (const one of inTurn.slice(0, leavingAtOnce)) one.isLeaving = true;
  return 0;
}

function hasFreeSlot({ inFlight, slots }: Served): boolean {
  return inFlight.size < slots;
}

function keyOf({ partnerId, webhookId }: WebhookKey): string {
  return `${partnerId} ${webhookId}`;
}
