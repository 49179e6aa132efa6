import type { AnswerHost, Asker, Following } from '../answer-host.ts';
import { countUp } from './count-up.ts';
import { liveSheet } from './live-sheet.ts';
import { english } from './live-words.ts';
import { type Change, digestOf, SharedStream } from './shared-stream.ts';

/** What the script of the page has already. */
interface Tools {
  answerControllers: ReadonlySet<Asker>;
  commonWordsOf: typeof import('../words.ts').commonWordsOf;
  credentialFor: typeof import('./credential.ts').credentialFor;
  forgetAnswers(): void;
  inLanguage: typeof import('../language.ts').inLanguage;
  pageDocument: Document;
  tokenOf: typeof import('./token.ts').tokenOf;
}

type Credential = NonNullable<ReturnType<Tools['credentialFor']>>;

/** A credential whose stream is shared; the stream is there once there is a token. */
interface Followed {
  credential: Credential;
  stream?: SharedStream;
}

const off: Following = { state: 'off' };

/** How long a stream is kept that no widget in view needs, in ms. */
const keptFor = 30_000;
/** How long after the beginning nothing is said, unless it is known, in ms. */
const beginning = 5_000;
/** After how long a token is asked for again, in ms. */
const tryAgain = 15_000;
/** How often a widget asks at most because of changes, in ms. */
const askEvery = 2_000;

/**
 * Keeps the widgets of a document up to date that are to be live: opens the one stream that they
 * share, asks again when it tells of a change, and shows beside their titles whether they hear of
 * changes. For widgets with another credential than the first in view there is none.
 */
export class Live {
  readonly #tools: Tools;
  readonly #wordsOf: ReturnType<typeof wordsOf>;
  #followed: Followed | undefined;
  #following = off;
  /** Whether it is known how widgets follow, or should be. */
  #isKnown = false;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  /** When a widget last asked, by performance.now(), and whether it is about to. */
  readonly #asked = new WeakMap<Asker, { at: number; isWaiting: boolean }>();
  readonly #statuses = new WeakMap<AnswerHost, HTMLElement>();

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#wordsOf = wordsOf(tools);
    tools.pageDocument.addEventListener('visibilitychange', () => this.reconsider());
    setTimeout(() => this.#know(), beginning);
  }

  /** Opens the stream that the live widgets in view need, or closes it when there are none. */
  reconsider(): void {
    const { answerControllers, credentialFor } = this.#tools;
    const seen = [...answerControllers].filter((one) => one.host.isLive() && one.canBeSeen());
    const [first] = seen;
    if (first) {
      clearTimeout(this.#closing);
      this.#closing = undefined;
      const isNeeded = seen.some(({ host }) => this.#isFollower(host));
      const credential = credentialFor(first.host);
      if (credential && !isNeeded) this.#open(credential);
    } else if (this.#followed) {
      this.#closing ??= setTimeout(() => {
        this.#closing = undefined;
        this.#close();
      }, keptFor);
    }
    this.#showAll();
  }

  /** Shows beside the title whether a widget hears of changes, or of when its figures are. */
  show(host: AnswerHost): void {
    if (!host.isLive()) {
      host.following = undefined;
      return;
    }
    const { state, stream } = this.#isFollower(host) ? this.#following : off;
    const status = this.#statusOf(host);
    const formats = host.formats();
    const { answeredAt, following } = host;
    const isLate = Date.now() - answeredAt > (host.refreshInterval() || Infinity) * 2_000;
    const text =
      state === 'off'
        ? this.#tools.commonWordsOf(formats).asOf(formats.time(answeredAt))
        : this.#wordsOf(formats)[state];
    // Where figures are old the card says so itself.
    const isSaid = state === 'off' && (isLate || !this.#isKnown);
    status.hidden = !host.answer || !!host.refusal || isSaid;
    status.dataset.state = state;
    // A narrow card shows the dot alone.
    status.title = text;
    if (status.lastChild!.textContent !== text) status.lastChild!.textContent = text;
    if (following?.state !== state || following.stream !== stream)
      host.following = { state, stream, status };
  }

  /** Lets the figures of an answer that has just come count from those `before`. */
  count(host: AnswerHost, before: AnswerHost['answer']): void {
    if (host.following) countUp(host, before);
  }

  #open(credential: Credential, refused?: string): void {
    this.#close();
    const followed: Followed = { credential };
    this.#followed = followed;
    const { base, token, key } = credential;
    const isOver = () => this.#followed !== followed;
    const begin = (parameter: string, text: string) => {
      if (isOver()) return;
      followed.stream = new SharedStream(base, parameter, text, {
        follows: (following) => {
          if (isOver()) return;
          const isFirst = this.#following.state === 'off' && following.state === 'live';
          this.#following = following;
          this.#know();
          // What happened before it was heard.
          if (isFirst) this.#tell({ account: null, observed: false, wait: 0 });
        },
        changed: (change) => {
          if (!isOver()) this.#tell(change);
        },
        refused: () => {
          if (!isOver() && typeof token === 'function') this.#open(credential, text);
        },
      });
    };
    // Without another token there is no use in asking at once.
    const tryLater = () => {
      if (!isOver()) this.#later = setTimeout(() => this.#open(credential, refused), tryAgain);
    };
    if (typeof token !== 'function') begin(token ? 'token' : 'api_key', (token || key)!);
    else
      this.#tools
        .tokenOf(token, refused)
        .then((text) => (text === refused ? tryLater() : begin('token', text)), tryLater);
  }

  #close(): void {
    clearTimeout(this.#later);
    this.#followed?.stream?.close();
    this.#followed = undefined;
    this.#following = off;
    this.#showAll();
  }

  #know(): void {
    this.#isKnown = true;
    this.#showAll();
  }

  #isFollower(host: AnswerHost): boolean {
    const own = this.#followed && host.isLive() && this.#tools.credentialFor(host);
    return !!own && isSame(own, this.#followed!.credential);
  }

  #showAll(): void {
    for (const { host } of this.#tools.answerControllers) this.show(host);
  }

  #tell(change: Change): void {
    this.#tools.forgetAnswers();
    for (const asker of this.#tools.answerControllers)
      if (this.#isFollower(asker.host)) void this.#tellOne(change, asker);
  }

  async #tellOne(change: Change, asker: Asker): Promise<void> {
    // What is under way may be older than the change.
    if (!asker.isAsking() && !(await concerns(change, asker.host))) return;
    const { at = -askEvery, isWaiting = false } = this.#asked.get(asker) ?? {};
    if (isWaiting) return;
    this.#asked.set(asker, { at, isWaiting: true });
    const ask = () => {
      this.#asked.set(asker, { at: performance.now(), isWaiting: false });
      // Unless it waits to try again.
      if (!asker.host.wait) asker.loadWhenSeen();
    };
    setTimeout(ask, Math.max(change.wait, at + askEvery - performance.now()));
  }

  #statusOf(host: AnswerHost): HTMLElement {
    let status = this.#statuses.get(host);
    if (!status) {
      const create = (name: string) => this.#tools.pageDocument.createElement(name);
      status = create('p');
      status.className = 'status';
      status.append(create('i'), create('span'));
      this.#statuses.set(host, status);
      (host.renderRoot as ShadowRoot).adoptedStyleSheets.push(liveSheet);
    }
    return status;
  }
}

const wordsOf = ({ inLanguage }: Tools) => inLanguage('live', english);

function isSame(one: Credential, other: Credential): boolean {
  return one.base === other.base && one.token === other.token && one.key === other.key;
}

/** Whether a widget shows what has changed. */
async function concerns({ account, observed }: Change, { answer }: AnswerHost): Promise<boolean> {
  if (account === null || !answer) return true;
  // Of observations only live equity tells.
  if (observed && !('live' in answer.data)) return false;
  const own = answer.data.account?.id;
  // A leaderboard shows others, too.
  if (!own || answer.widget === 'leaderboard') return true;
  return account === own || account === (await digestOf(own));
}
