import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StreamMessage, StreamOpened } from '../shared/answers/stream.ts';
import { latestDay } from '../shared/day.ts';
import { minute, second } from '../shared/time.ts';
import { tradingDays } from '../shared/trading-day.ts';
import { findWidget } from '../shared/widgets.ts';
import { type Caller, turnOf } from './access/caller.ts';
import { Refusal } from './refusal.ts';
import {
  accountsOfUser,
  type ChangedAccount,
  changedAccounts,
  type NamedAccounts,
  type Place,
  readPlaces,
} from './store/changed-accounts.ts';
import type { Database } from './store/database.ts';
import { isStorageFailure } from './store/dialect.ts';
import { newId, type Random } from './store/ids.ts';

/** A client that listens to a stream, and the credential that it came with. */
export interface Listener {
  /** Its head is sent. */
  response: ServerResponse;
  /** The caller by that credential at this moment. Throws a Refusal when it may not listen any more. */
  look(now: number): Promise<Caller>;
  /** Counts a request against the caller's quota. Throws a Refusal when that is used up. */
  count(caller: Caller, now: number): Promise<void>;
}

interface Stream extends Listener {
  id: string;
  partnerId: string;
  /** Whose questions it lets through. */
  turn: string;
  /** What its token names: it hears of those accounts alone, by their ids. Null: of all, by digests. */
  named: (NamedAccounts & { showsOthers: boolean }) | null;
  /** The place of the last message that its client has; null: it has none. */
  after: Since | null;
  /** How many questions it lets through uncounted. */
  free: number;
  commentedAt: number;
  paidAt: number;
}

/** A partner whose changes streams tell. */
interface Followed {
  streams: Set<Stream>;
  seen: Seen;
  toldAt: number;
}

/** Up to where something is known. */
interface Since extends Place {
  /** What answers depend on without a write: a digest of the days and of the database file. */
  surroundings: string;
}

/** A partner when it was last looked at. */
interface Seen extends Since {
  settings: number;
}

/** What has changed of a partner up to a place. */
interface Changes {
  place: Since;
  /** Null: anything, or more accounts than there are messages for. */
  accounts: readonly ChangedAccount[] | null;
  /** Whether there were writes that are about no account, such as those about a user. */
  isOfOthers: boolean;
}

interface Dependencies {
  database: Database;
  /** Epoch ms. */
  clock: () => number;
  random: Random;
  logError(problem: string): void;
}

export const streamType = 'text/event-stream; charset=utf-8';

/** How many streams a process has at most, and how many of one partner. */
const most = { ofAll: 10_000, ofPartner: 5_000 };
/** After how many seconds another try is worth it. */
const fullFor = 60;
const commentEvery = 20 * second;
/** For how long a request pays. */
const paidFor = 15 * minute;
/** How many questions a message lets through uncounted, and how many several messages together. */
const freePerMessage = 30;
const mostFree = 10 * freePerMessage;
/** Changes of more accounts are one message: that anything may be different. */
const mostMessages = 30;
/** For how many ms changes are gathered after a message, at least, and a ms for each stream. */
const leastPause = 100;
/** What clients ask after a message is spread over so many ms for each stream, then over as long as the pause. */
const spreadPerStream = 10;
/** How many bytes may wait for a client that reads none. */
const mostUnread = 64 * 1024;
/** For how many ms streams are served before other work gets its turn. */
const longestStretch = 5;
/** How many partners are read at once. */
const partnersAtOnce = 200;
/** Clients whose connection ended try again after so many ms, spread over as many. */
const retry = 2_000;

/**
 * The open streams of server-sent events. They tell which accounts have changed, whichever process
 * wrote it: the database is looked at whenever its version has changed. A stream's credential is looked
 * at again for each message and comment.
 */
export class Streams {
  readonly #dependencies: Dependencies;
  /** Those that were told of their id, in the order of their last comments. */
  readonly #open = new Map<string, Stream>();
  #opening = new Set<Stream>();
  readonly #followed = new Map<string, Followed>();
  #isRunning = false;
  /** When other work last had its turn, by performance.now(). */
  #resumedAt = 0;
  /** The version of the database, and the minute, of which everything is told. */
  #told = '';

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Throws a 429 when there are as many streams as there may be. */
  refuseTooMany({ partner }: Caller): void {
    const ofPartner = this.#followed.get(partner.id)?.streams.size ?? 0;
    if (this.#open.size + this.#opening.size < most.ofAll && ofPartner < most.ofPartner) return;
    throw new Refusal(429, 'too_many_streams', 'There are too many open streams.', {
      headers: { 'Retry-After': String(fullFor) },
    });
  }

  /** Begins a stream, for which a request was counted. `lastId`: of the last message its client has. */
  open(listener: Listener, caller: Caller, lastId: string, now: number): void {
    const stream: Stream = {
      ...listener,
      id: newId('str', this.#dependencies.random),
      partnerId: caller.partner.id,
      turn: turnOf(caller),
      named: namedBy(caller),
      after: readPlace(lastId),
      free: 0,
      commentedAt: now,
      paidAt: now,
    };
    const { response } = listener;
    // While the request was counted the client may have gone.
    if (response.destroyed) return;
    this.#opening.add(stream);
    response.on('close', () => this.#forget(stream));
    // A client that has ended its side is not listening any more.
    response.req.socket.once('end', () => this.#end(stream));
  }

  /** Whether a question may go uncounted, as it names a stream that lets it through. */
  lets(id: string, caller: Caller): boolean {
    const stream = this.#open.get(id);
    if (!stream || stream.free === 0 || stream.turn !== turnOf(caller)) return false;
    stream.free--;
    return true;
  }

  /** Tells what is new; to be called every few ms. Never rejects. */
  async run(): Promise<void> {
    if (this.#isRunning || this.#open.size + this.#opening.size === 0) return;
    this.#isRunning = true;
    this.#resumedAt = performance.now();
    try {
      const now = this.#dependencies.clock();
      await this.#tellNews(now);
      await this.#comment(now);
    } catch (error) {
      // A storage failure passes. What is not told yet is told then.
      if (!isStorageFailure(error)) this.#dependencies.logError(String(error));
    } finally {
      this.#isRunning = false;
    }
  }

  #forget(stream: Stream): void {
    this.#opening.delete(stream);
    this.#open.delete(stream.id);
    const streams = this.#followed.get(stream.partnerId)?.streams;
    streams?.delete(stream);
    if (streams?.size === 0) this.#followed.delete(stream.partnerId);
  }

  async #tellNews(now: number): Promise<void> {
    const { database } = this.#dependencies;
    const state = `${database.version()} ${Math.floor(now / minute)}`;
    const opening = [...this.#opening];
    const isSame = state === this.#told;
    const begun = opening.map(({ partnerId }) => partnerId);
    const ids = isSame
      ? begun.filter((id) => !this.#followed.has(id))
      : [...this.#followed.keys(), ...begun];
    const seen =
      ids.length > 0 ? await this.#lookAt([...new Set(ids)], now) : new Map<string, Seen>();
    let isAllTold = true;
    for (const [id, followed] of this.#followed) {
      const latest = seen.get(id);
      if (!latest || isAt(followed.seen, latest)) continue;
      // The more streams there are, the longer changes are gathered.
      if (Math.abs(now - followed.toldAt) < pauseOf(followed)) isAllTold = false;
      else await this.#tellAll(id, followed, latest, now);
    }
    await this.#inTurns(opening, (stream) => this.#begin(stream, seen.get(stream.partnerId), now));
    if (isAllTold) this.#told = state;
  }

  /** Partners as they are now. */
  async #lookAt(ids: readonly string[], now: number): Promise<Map<string, Seen>> {
    const { database } = this.#dependencies;
    const seen = new Map<string, Seen>();
    for (let from = 0; from < ids.length; from += partnersAtOnce) {
      const edition = database.edition();
      const rows = await readPlaces(database.read, ids.slice(from, from + partnersAtOnce));
      for (const { id, revision, observations, settings_revision: settings, ...days } of rows) {
        const surroundings = hash('sha256', `${edition} ${daysOf(days, now)}`).slice(0, 8);
        seen.set(id, { revision, observations, settings, surroundings });
      }
      await this.#giveWay();
    }
    return seen;
  }

  async #giveWay(): Promise<void> {
    if (performance.now() - this.#resumedAt < longestStretch) return;
    await nextTurn();
    this.#resumedAt = performance.now();
  }

  /** Tells the streams of a partner what has changed since it was last looked at. */
  async #tellAll(id: string, followed: Followed, seen: Seen, now: number): Promise<void> {
    const between = { after: followed.seen, upTo: seen };
    await this.#giveWay();
    const changes = await this.#changesOf(id, between, null);
    Object.assign(followed, { seen, toldAt: now });
    const within = withinOf(followed);
    const byDigest = messagesOf(changes, null, within);
    await this.#inTurns(followed.streams, async (stream) => {
      const { named } = stream;
      if (!named) return this.#tell(stream, byDigest, now);
      const own =
        changes.accounts || named.showsOthers ? changes : await this.#changesOf(id, between, named);
      await this.#tell(stream, messagesOf(own, named, within), now);
      keepOwn(named, own);
    });
  }

  /** Tells a new stream its id, and what it has missed. */
  async #begin(stream: Stream, seen: Seen | undefined, now: number): Promise<void> {
    const { id, partnerId, named, after, response } = stream;
    const followed =
      this.#followed.get(partnerId) ??
      (seen && {
        ...{ streams: new Set(), seen, toldAt: Number.NEGATIVE_INFINITY },
      });
    // Another file was opened meanwhile.
    if (!followed) return this.#end(stream);
    const between = after && { after, upTo: followed.seen };
    if (named?.user != null) {
      const { read } = this.#dependencies.database;
      named.accounts = await accountsOfUser(read, partnerId, named.user);
    }
    const missed = between && (await this.#changesOf(partnerId, between, named));
    // It may have gone meanwhile.
    if (!this.#opening.delete(stream)) return;
    this.#followed.set(partnerId, followed);
    followed.streams.add(stream);
    this.#open.set(id, stream);
    const wait = retry + (this.#dependencies.random(2).readUInt16LE() % retry);
    const opened: StreamOpened = { stream: id };
    // What was missed is still to come.
    const place = idOf(after ?? followed.seen);
    response.write(`retry: ${wait}\n\nevent: stream\n${place}${eventOf(opened)}`);
    if (!missed) return;
    await this.#tell(stream, messagesOf(missed, named, withinOf(followed)), now);
    // What is told again lets no more questions through.
    stream.free = 0;
  }

  /** What has changed between two places, of the named accounts or of all. */
  async #changesOf(
    partnerId: string,
    between: { after: Since; upTo: Seen },
    named: NamedAccounts | null,
  ): Promise<Changes> {
    const { after, upTo } = between;
    const isAnything =
      upTo.settings > after.revision ||
      upTo.surroundings !== after.surroundings ||
      // A place in another file.
      after.revision > upTo.revision ||
      after.observations > upTo.observations;
    if (isAnything) return { place: upTo, accounts: null, isOfOthers: false };
    const { read } = this.#dependencies.database;
    const found = await changedAccounts(read, partnerId, between, named, mostMessages + 1);
    return {
      place: upTo,
      accounts: found.length > mostMessages ? null : found,
      isOfOthers: found.length === 0 && upTo.revision > after.revision,
    };
  }

  async #tell(stream: Stream, messages: readonly string[], now: number): Promise<void> {
    if (messages.length === 0) return;
    await this.#look(stream, now);
    stream.free = Math.min(stream.free + freePerMessage * messages.length, mostFree);
    send(stream, messages.join(''));
  }

  /** Sends a comment where none was sent for a while, so that both sides see that the other is there. */
  async #comment(now: number): Promise<void> {
    const due: Stream[] = [];
    for (const stream of this.#open.values()) {
      // The clock may have been set back.
      if (Math.abs(now - stream.commentedAt) < commentEvery) break;
      due.push(stream);
    }
    await this.#inTurns(due, async (stream) => {
      stream.commentedAt = now;
      if (!this.#open.delete(stream.id)) return;
      this.#open.set(stream.id, stream);
      await this.#look(stream, now);
      send(stream, ':\n\n');
    });
  }

  /** Throws a Refusal when the stream may not go on. */
  async #look(stream: Stream, now: number): Promise<void> {
    const caller = await stream.look(now);
    // The clock may have been set back.
    if (Math.abs(now - stream.paidAt) < paidFor) return;
    await stream.count(caller, now);
    stream.paidAt = now;
  }

  /** Serves some streams, with pauses for other work. One that can't be served ends: its client comes back. */
  async #inTurns(streams: Iterable<Stream>, serve: (stream: Stream) => Promise<void>) {
    for (const stream of [...streams]) {
      try {
        await serve(stream);
      } catch (error) {
        this.#end(stream);
        if (!(error instanceof Refusal || isStorageFailure(error)))
          this.#dependencies.logError(String(error));
      }
      await this.#giveWay();
    }
  }

  #end(stream: Stream): void {
    this.#forget(stream);
    stream.response.end();
  }
}

function send({ response }: Stream, text: string): void {
  if (response.destroyed) return;
  response.write(text);
  if (response.writableLength > mostUnread) response.destroy();
}

function namedBy(caller: Caller): Stream['named'] {
  if (caller.by !== 'token') return null;
  const { accounts, user, widgets } = caller.token;
  if (accounts === null && user === null) return null;
  const showsOthers = (widgets ?? []).some((name) => findWidget(name)?.showsOthers);
  return { accounts: accounts ?? [], user, showsOthers };
}

/** A user hears also of an account that has just been taken away. */
function isNamed({ accounts, user }: NamedAccounts, { id, user_id }: ChangedAccount): boolean {
  return (user !== null && user_id === user) || accounts.includes(id);
}

/** Keeps up which accounts are a user's. */
function keepOwn(named: NamedAccounts, { accounts }: Changes): void {
  if (named.user === null) return;
  for (const { id, user_id } of accounts ?? []) {
    const isKnown = named.accounts.includes(id);
    if (user_id === named.user && !isKnown) named.accounts = [...named.accounts, id];
    else if (user_id !== named.user && isKnown)
      named.accounts = named.accounts.filter((one) => one !== id);
  }
}

function messagesOf(
  { place, accounts, isOfOthers }: Changes,
  named: Stream['named'],
  within: number,
): string[] {
  const write = (message: Omit<StreamMessage, 'within'>) =>
    eventOf({ ...message, within } satisfies StreamMessage);
  const isHeard = (account: ChangedAccount) => !named || isNamed(named, account);
  // A leaderboard shows accounts that are not named.
  const isOfHidden = named?.showsOthers && accounts?.some((one) => !one.observed && !isHeard(one));
  if (!accounts || isOfHidden || (isOfOthers && !named))
    return [`${idOf(place)}${write({ account: null, revision: place.revision, observed: false })}`];
  const messages = accounts
    .filter(isHeard)
    .map(({ id, revision, observed }) =>
      write({ account: named ? id : hash('sha256', id), revision, observed }),
    );
  // Who has heard only some of them is to hear them again.
  return messages.map((message, index) =>
    index === messages.length - 1 ? `${idOf(place)}${message}` : message,
  );
}

function eventOf(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function idOf({ revision, observations, surroundings }: Since): string {
  return `id: ${revision}-${observations}-${surroundings}\n`;
}

/** The place of a message's id; null for any other text. */
function readPlace(id: string): Since | null {
  const [, revision, observations, surroundings] =
    /^(\d{1,15})-(\d{1,15})-([0-9a-f]{8})$/.exec(id) ?? [];
  return surroundings === undefined
    ? null
    : { revision: Number(revision), observations: Number(observations), surroundings };
}

function pauseOf({ streams }: Followed): number {
  return Math.max(leastPause, streams.size);
}

function withinOf(followed: Followed): number {
  return Math.min(spreadPerStream * followed.streams.size, pauseOf(followed));
}

function isAt(one: Seen, other: Seen): boolean {
  return (
    one.revision === other.revision &&
    one.observations === other.observations &&
    one.settings === other.settings &&
    one.surroundings === other.surroundings
  );
}

/** The days that a partner's answers go by at a moment. */
function daysOf({ day_zone, day_start }: { day_zone: string; day_start: number }, now: number) {
  const days = tradingDays({ zone: day_zone, start: day_start });
  return `${days.dayOf(now)} ${latestDay(now)}`;
}
