import { isServer, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { periods } from '../../shared/period.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { accentProperties, readColour } from './accent.ts';
import { ask, type Outcome } from './ask.ts';
import { type Card, drawCard } from './card.ts';
import { cardStyles } from './card-styles.ts';
import { type Formats, formatsOf } from './formats.ts';
import { chooseLanguage, isRightToLeft } from './language.ts';
import { chartIcon, drawNotice, type Notice, offlineIcon } from './notice.ts';
import { keyOfPage, originOfScript } from './page.ts';
import { isByApi, isPassing, type Refusal } from './refusal.ts';
import { themeStyles } from './theme-styles.ts';
import { untilTomorrow } from './tomorrow.ts';
import { words } from './words.ts';

type Figures<Name extends WidgetName> = WidgetAnswer<Name>['data'];

/** A change of one of these is another question. */
const questions = ['apiKey', 'base', 'accountId', 'period', 'currency'] as const;

/** An answer older than this is asked for again when the page comes back into view. */
const freshFor = 60_000;

/**
 * What all widgets are made of: asks, waits, retries, draws the card and the states without
 * figures. A widget adds {@link drawFigures} and {@link drawBones}.
 *
 * @fires pt-load - An answer came; `detail` is the answer.
 * @fires pt-error - None came; `detail` is the {@link Refusal}.
 */
export abstract class WidgetElement<Name extends WidgetName = WidgetName> extends LitElement {
  static override properties = {
    apiKey: { attribute: 'api-key' },
    base: {},
    accountId: { attribute: 'account-id' },
    period: {},
    currency: {},
    theme: { reflect: true },
    accent: {},
    palette: { reflect: true },
    lang: {},
    answer: { state: true },
    refusal: { state: true },
    notice: { state: true },
    wait: { state: true },
  };

  static override styles = [themeStyles, cardStyles];

  /** A publishable key. Default: `data-key` of the script tag. */
  declare apiKey: string | null | undefined;
  /** Origin of the API. Default: that of the script. */
  declare base: string | null | undefined;
  declare accountId: string | null | undefined;
  declare period: string | null | undefined;
  declare currency: string | null | undefined;
  declare theme: string | null | undefined;
  declare accent: string | null | undefined;
  declare palette: string | null | undefined;
  /** What is drawn. Old when there is a refusal beside it. */
  declare answer: WidgetAnswer<Name> | undefined;
  declare refusal: Refusal | undefined;
  /** What to say of a refusal by the API. Its words are loaded when they are needed. */
  declare notice: Notice | undefined;
  /** Seconds until it asks again by itself, 0 when it doesn't count down. */
  declare protected wait: number;

  abstract readonly widget: Name;

  /** The widget's own part of the card. */
  protected abstract drawFigures(figures: Figures<Name>, formats: Formats): TemplateResult;

  /** The same boxes before there are figures, in a shape that hints at none. */
  protected abstract drawBones(): TemplateResult;

  protected abstract isEmpty(figures: Figures<Name>): boolean;

  /** What stays of the picture when there is nothing to draw in it yet. */
  protected drawGround(
    _figures: Figures<Name>,
    _formats: Formats,
  ): TemplateResult | typeof nothing {
    return nothing;
  }

  #call: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #given = false;
  /** Whether what is drawn answers an earlier question. */
  #unanswered = false;
  #loadedAt = 0;

  // Lit draws beside what a declarative shadow root already holds. Its style stays: it is the one
  // that applies, and a shell's script has none of its own.
  override createRenderRoot(): HTMLElement | DocumentFragment {
    const { shadowRoot } = this;
    shadowRoot?.replaceChildren(...shadowRoot.querySelectorAll('style'));
    return super.createRenderRoot();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('online', this.#refreshIfNeeded);
    document.addEventListener('visibilitychange', this.#refreshIfNeeded);
    // What it missed while it was out of the page: an answer, or its turn to try again.
    if (this.hasUpdated && (this.#unanswered || this.refusal || !this.answer))
      this.#load(this.#unanswered);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('online', this.#refreshIfNeeded);
    document.removeEventListener('visibilitychange', this.#refreshIfNeeded);
    this.#stop();
  }

  /** Draws an answer of the moment `at` (epoch ms) instead of asking for it once more. */
  show(answer: WidgetAnswer<Name>, at: number): void {
    this.#given = true;
    this.#settle({ answer }, at);
  }

  /** Asks again. Until the answer is there the old picture stays. */
  refresh(): Promise<void> {
    return this.#load(this.#unanswered);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const asked = !this.hasUpdated || questions.some((name) => changed.has(name));
    // Lit also updates what was removed again at once: that must cost no request.
    if (asked && !this.#given) {
      this.#unanswered = true;
      if (this.isConnected) this.#load(true);
    }
    this.#given = false;
  }

  protected override updated(_changed: PropertyValues): void {
    const properties = this.accentProperties();
    for (const name of ['--accent', '--accent-mark', '--curve', '--pill'] as const) {
      if (properties) this.style.setProperty(name, properties[name]!);
      else this.style.removeProperty(name);
    }
  }

  /** The visitor's accent, else the partner's, as custom properties; null for the theme's own. */
  accentProperties() {
    const colour = readColour(this.accent) ?? readColour(this.answer?.branding.primary_color);
    return colour && accentProperties(colour);
  }

  override render(): TemplateResult {
    const language = this.#language();
    const { answer, refusal } = this;
    const figures = answer?.data as Figures<Name> | undefined;
    const formats = formatsOf(language, figures?.currency ?? 'USD');
    const card: Card = {
      title: words.titles[this.widget],
      about: figures
        ? {
            account: figures.account?.nickname ?? words.allAccounts,
            period: words.periods[figures.period],
          }
        : null,
      asOf: figures && refusal ? formats.time(this.#loadedAt) : null,
      remark: refusal
        ? refusal.status
          ? words.code(refusal.status)
          : figures
            ? words.retrying
            : null
        : null,
      branding: answer?.branding ?? null,
      busy: !answer && !refusal,
      rightToLeft: isRightToLeft(language),
    };
    return drawCard(card, this.#drawContent(figures, formats));
  }

  #language(): string {
    if (isServer) return chooseLanguage(this.lang);
    const around = this.closest<HTMLElement>('[lang]')?.lang;
    return chooseLanguage(this.lang, around, navigator.language);
  }

  #drawContent(figures: Figures<Name> | undefined, formats: Formats): TemplateResult {
    const { notice, refusal, wait } = this;
    if (figures) {
      if (!this.isEmpty(figures)) return this.drawFigures(figures, formats);
      const title = words.nothingYet(figures.period);
      const nothingYet = { icon: chartIcon, title, hint: words.nothingYetHint };
      return drawNotice(nothingYet, this.drawGround(figures, formats));
    }
    if (notice) return drawNotice(notice);
    if (!refusal || isByApi(refusal)) return this.drawBones();
    const title = refusal.code === 'offline' ? words.offline : words.unreachable;
    return drawNotice({ icon: offlineIcon, title, hint: words.retryHint(wait) });
  }

  async #load(another: boolean): Promise<void> {
    this.#stop();
    const call = new AbortController();
    this.#call = call;
    const key = this.apiKey || keyOfPage();
    const outcome = key
      ? await ask<Name>(this.#address(key), call.signal)
      : { refusal: { status: 401, code: 'missing_key', now: Date.now() } };
    const { answer, refusal } = outcome;
    const notice = refusal && isByApi(refusal) ? await this.#noticeOf(refusal) : undefined;
    // Only the newest call counts, however late an older one answers.
    if (this.#call !== call) return;
    this.notice = notice;
    if (another && !answer) this.answer = undefined;
    this.#settle(outcome, Date.now());
    const [name, detail] = answer ? ['pt-load', answer] : ['pt-error', refusal];
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  async #noticeOf(refusal: Refusal): Promise<Notice | undefined> {
    try {
      return (await import('./refused.ts')).noticeOf(refusal, formatsOf(this.#language(), 'USD'));
    } catch {
      return { icon: offlineIcon, title: words.unreachable, hint: '' };
    }
  }

  #settle({ answer, refusal }: Outcome<Name>, at: number): void {
    this.#unanswered = false;
    this.refusal = refusal;
    this.wait = 0;
    if (answer) {
      this.answer = answer;
      this.#loadedAt = at;
      this.#failures = 0;
    } else if (isPassing(refusal)) this.#retryAfter(refusal);
    // An old picture outlives a bad connection, not a withdrawn key.
    else this.answer = undefined;
  }

  #retryAfter(refusal: Refusal): void {
    if (refusal.status === 429) {
      this.#timer = setTimeout(() => this.refresh(), untilTomorrow());
      return;
    }
    this.wait = Math.min(60, 5 * 2 ** this.#failures++);
    const count = () => {
      this.#timer = setTimeout(() => {
        this.wait -= 1;
        if (this.wait > 0) count();
        else this.refresh();
      }, 1_000);
    };
    count();
  }

  #stop(): void {
    this.#call?.abort();
    this.#call = undefined;
    clearTimeout(this.#timer);
  }

  #refreshIfNeeded = (): void => {
    const old = Date.now() - this.#loadedAt > freshFor;
    if (!document.hidden && (this.refusal?.status === 0 || (this.answer && old))) this.refresh();
  };

  #address(key: string): URL {
    const base = URL.canParse(this.base ?? '') ? this.base! : originOfScript;
    const address = new URL(`/api/partner/widgets/${this.widget}`, base);
    const period = periods.find((one) => one === this.period);
    const currency = /^[a-z]{3}$/i.test(this.currency ?? '') ? this.currency!.toUpperCase() : null;
    // An account that a page's template left empty is asked for and not found: to show all accounts
    // together instead would tell a trader what the whole firm makes.
    const query = { account_id: this.accountId, period, currency, api_key: key };
    for (const [name, value] of Object.entries(query))
      if (value != null) address.searchParams.set(name, value);
    return address;
  }
}
