import {
  html,
  isServer,
  LitElement,
  noChange,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import type { Outcome } from './ask.ts';
import { Asking } from './asking.ts';
import { type Card, drawAbout, drawCard, drawOld } from './card.ts';
import { cardStyles } from './card-styles.ts';
import { type Formats, formatsOf } from './formats.ts';
import { loadWords, spokenIn, usableLanguage } from './language.ts';
import { isPassing, type Refusal } from './refusal.ts';
import { themeStyles } from './theme-styles.ts';
import type { TokenSource } from './token.ts';
import { commonWordsOf } from './words.ts';

/** A change of any property but these is another question. */
const shown = new Set<PropertyKey>(
  'theme accent palette lang timezone refresh answer refusal wait'.split(' '),
);

type Figures<Name extends WidgetName> = WidgetAnswer<Name>['data'];

/** What a visitor chose in a widget, by pointer or keys. */
export interface Selection {
  widget: WidgetName;
  /** The row, cell or day as it came in the answer. */
  item: unknown;
}

/**
 * What all widgets are made of: asks, draws the card and the states without figures. A widget adds
 * {@link drawFigures} and {@link drawBones}, and the properties that only its question has.
 *
 * @fires pt-load - An answer came; `detail` is the answer.
 * @fires pt-error - None came; `detail` is the {@link Refusal}.
 * @fires pt-select - The visitor chose an item; `detail` is a {@link Selection}.
 */
export abstract class WidgetElement<Name extends WidgetName = WidgetName> extends LitElement {
  static override properties: PropertyDeclarations = {
    token: {},
    apiKey: { attribute: 'api-key' },
    base: {},
    accountId: { attribute: 'account-id' },
    currency: {},
    theme: { reflect: true },
    accent: {},
    palette: { reflect: true },
    lang: {},
    timezone: {},
    refresh: {},
    answer: { state: true },
    refusal: { state: true },
    wait: { state: true },
  };

  static override styles = [themeStyles, cardStyles];

  /** How the states without figures are drawn: loaded when one of them is met. */
  static states: typeof import('./states.ts') | undefined;

  /** Instead of a key: a token, or what gets one. Without either it asks as the page says. */
  declare token: string | TokenSource | null | undefined;
  /** A publishable key. */
  declare apiKey: string | null | undefined;
  /** Origin of the API for its own token or key. Default: that of the script. */
  declare base: string | null | undefined;
  declare accountId: string | null | undefined;
  declare currency: string | null | undefined;
  declare theme: string | null | undefined;
  declare accent: string | null | undefined;
  declare palette: string | null | undefined;
  declare timezone: string | null | undefined;
  /** Seconds. */
  declare refresh: number | string | null | undefined;
  /** What is drawn. Old when there is a refusal beside it. */
  declare answer: WidgetAnswer<Name> | undefined;
  declare refusal: Refusal | undefined;
  /** Seconds until it asks again by itself, 0 when it doesn't count down. */
  declare protected wait: number;

  abstract readonly widget: Name;

  /** What it says in the language of formats; among it what its card is headed. */
  protected abstract readonly wordsOf: (formats: Formats) => { readonly heading: string };

  /** The documented height, in px. */
  protected abstract readonly height: number;

  /** The rank of the card's heading on its page. */
  level = 2;

  /** How far ahead of this machine's clock the server's is, in ms: ages are told by the server's. */
  clockSkew = 0;

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

  protected titleOf(_figures: Figures<Name>, _formats: Formats): string {
    return this.heading();
  }

  /** Quietly at the title's right. */
  protected drawAside(figures: Figures<Name>, formats: Formats): TemplateResult {
    const { periods } = commonWordsOf(formats);
    return this.drawAbout(figures, html`<bdi>${periods[figures.period]}</bdi>`, formats);
  }

  protected drawAbout(figures: Figures<Name>, other: unknown, formats: Formats): TemplateResult {
    const { account, accounts, currency } = figures;
    const words = commonWordsOf(formats);
    if (account && !this.showsAll) return drawAbout(account.nickname, other);
    // Where accounts in other currencies were left out, those that are shown are told by theirs.
    return this.showsAll || accounts.left_out
      ? drawAbout(words.allAccountsIn(currency), other, currency)
      : drawAbout(words.allAccounts, other);
  }

  /** The same when the figures are old: of what time they are. */
  protected drawOld(time: string, _figures: Figures<Name>, formats: Formats): TemplateResult {
    return drawOld(time, formats);
  }

  /** Whether the figures are of all accounts even where one was asked about. */
  protected readonly showsAll: boolean = false;

  /** How many px more than documented all the figures would fill. */
  protected extraHeight(_figures: Figures<Name>): number {
    return 0;
  }

  /** The item of the answer that a `data-item` of the picture stands for. */
  protected itemOf(_figures: Figures<Name>, _item: string): unknown {
    return undefined;
  }

  /** Seconds between two questions when nobody says. */
  protected readonly standardRefresh: number = 0;

  readonly #asking = new Asking(this, {
    ask: async (signal, isNew) => {
      void this.#learn();
      return (await import('./ask.ts')).ask(this, signal, isNew);
    },
    refreshEvery: () => this.#refreshEvery(),
    settled: (outcome, isAnother) => this.#settle(outcome, isAnother),
    waits: (seconds) => {
      this.wait = seconds;
    },
  });
  /** Whether the code that points at items is there. */
  isAttended = false;
  #given = false;
  #coloured = this.#colours();

  // Lit draws beside what a declarative shadow root already holds. Its styles stay: they are those
  // that apply, and a shell's script has none of its own.
  override createRenderRoot(): HTMLElement | DocumentFragment {
    const { shadowRoot } = this;
    shadowRoot?.replaceChildren(...shadowRoot.querySelectorAll('style'));
    const root = super.createRenderRoot();
    // A pointer that rests where the widget appears points at nothing, so not by pointerover.
    for (const type of ['pointermove', 'focusin', 'click', 'keydown'])
      root.addEventListener(type, this.#attend);
    return root;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#asking.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking.stop();
  }

  /** Draws an answer of the moment `at` (epoch ms) instead of asking for it once more. */
  show(answer: WidgetAnswer<Name>, at: number): void {
    this.#given = true;
    this.answer = answer;
    // A still has brought its colours.
    this.#coloured = this.#colours();
    this.#asking.answered(at);
  }

  /** Asks again. Until the answer is there the old picture stays. */
  reload(): Promise<void> {
    return this.#asking.now();
  }

  /** What its card is headed when the figures say nothing else. */
  heading(): string {
    return this.wordsOf(this.#formats()).heading;
  }

  /** In px: what the figures would fill, however much room there is. */
  naturalHeight(): number {
    return this.height + (this.answer ? this.extraHeight(this.answer.data as Figures<Name>) : 0);
  }

  /** The visitor chose the item that a `data-item` of the picture stands for. */
  select(item: string): void {
    const figures = this.answer?.data as Figures<Name> | undefined;
    if (figures) this.#tell('pt-select', { widget: this.widget, item: this.itemOf(figures, item) });
  }

  protected override willUpdate(changed: PropertyValues): void {
    const isAnother = [...changed.keys()].some((name) => !shown.has(name));
    if (isAnother && !this.#given) this.#asking.change();
    this.#given = false;
  }

  protected override updated(changed: PropertyValues): void {
    if (this.#colours() !== this.#coloured) void this.#paint();
    if (changed.has('refresh')) this.#asking.planAnew();
  }

  override render(): TemplateResult | typeof noChange {
    const language = this.language();
    const spoken = spokenIn(language);
    if (!spoken) {
      void this.#learn();
      // Until its words are there a picture stays as it is.
      if (this.hasUpdated) return noChange;
    }
    const { answer, refusal, level, theme } = this;
    const figures = answer?.data as Figures<Name> | undefined;
    const formats = this.#formats();
    const words = commonWordsOf(formats);
    const card: Card = {
      title: figures ? this.titleOf(figures, formats) : this.heading(),
      level,
      aside: !figures
        ? nothing
        : refusal || this.#isLate()
          ? this.drawOld(formats.time(this.#asking.answeredAt), figures, formats)
          : this.drawAside(figures, formats),
      remark: refusal
        ? refusal.status
          ? words.code(refusal.status)
          : figures
            ? words.retrying
            : null
        : null,
      branding: answer?.branding ?? null,
      theme,
      busy: !spoken || (!answer && !refusal),
      spoken,
    };
    return drawCard(card, spoken ? this.#drawContent(figures, formats) : this.drawBones(), formats);
  }

  protected language(): string {
    if (isServer) return usableLanguage(this.lang);
    const around = this.closest('[lang]')?.getAttribute('lang');
    return usableLanguage(this.lang, around, navigator.language);
  }

  #formats(): Formats {
    return formatsOf(this.language(), this.answer?.data.currency ?? 'USD', this.zone());
  }

  protected zone(): string | undefined {
    if (!this.timezone) return undefined;
    try {
      // Throws on a zone that nobody knows.
      new Intl.DateTimeFormat('en', { timeZone: this.timezone });
      return this.timezone;
    } catch {
      return undefined;
    }
  }

  #drawContent(figures: Figures<Name> | undefined, formats: Formats): TemplateResult {
    const { refusal, wait } = this;
    if (figures && !this.isEmpty(figures)) return this.drawFigures(figures, formats);
    if (!figures && !refusal) return this.drawBones();
    const { states } = WidgetElement;
    if (!states) {
      void this.#loadStates();
      return this.drawBones();
    }
    if (!figures) return states.drawRefusal(refusal!, wait, formats);
    return states.drawNothingYet(figures.period, this.drawGround(figures, formats), formats);
  }

  /** Gets the words of its language, if they aren't there. */
  async #learn(): Promise<void> {
    const language = this.language();
    const before = spokenIn(language);
    // Where they can't be had English is drawn, and the next question tries again.
    await loadWords(language).catch(() => {});
    if (spokenIn(language) !== before) this.requestUpdate();
  }

  async #loadStates(): Promise<void> {
    try {
      WidgetElement.states = await import('./states.ts');
      this.requestUpdate();
    } catch {
      // Without a connection the skeleton stays until there is one.
    }
  }

  /** Whether nothing was heard for two refreshes. */
  #isLate(): boolean {
    const { answeredAt } = this.#asking;
    // A still was never asked for.
    return !!answeredAt && Date.now() - answeredAt > (this.#refreshEvery() || Infinity) * 2_000;
  }

  #refreshEvery(): number {
    const seconds = Number(this.refresh ?? this.standardRefresh);
    return seconds > 0 ? Math.min(Math.max(seconds, 10), 86_400) : 0;
  }

  #settle({ answer, refusal }: Outcome, isAnother: boolean): void {
    this.refusal = refusal;
    this.wait = 0;
    // An old picture outlives a bad connection, not a withdrawn key.
    if (answer || isAnother || !isPassing(refusal)) this.answer = answer as WidgetAnswer<Name>;
    this.#tell(answer ? 'pt-load' : 'pt-error', answer ?? refusal);
  }

  #colours(): string {
    return `${this.accent} ${this.answer?.branding.primary_color}`;
  }

  /** In the page's accent, else the partner's. */
  async #paint(): Promise<void> {
    this.#coloured = this.#colours();
    const { accentNames, accentOf } = await import('./accent.ts');
    const properties = accentOf(this.accent) ?? accentOf(this.answer?.branding.primary_color);
    const { style } = this.renderRoot.querySelector<HTMLElement>('.box')!;
    for (const name of accentNames) {
      if (properties) style.setProperty(name, properties[name]);
      else style.removeProperty(name);
    }
  }

  /** The first click or key counts, whenever the code that points at items and moves through them comes. */
  #attend = (event: Event): void => {
    const { type, target, key, repeat } = event as KeyboardEvent;
    const load = async () => (await import('./pointing.ts')).attendTo(this, target, key);
    // Where that fails, the next one tries again.
    if (!this.isAttended) load().catch(() => {});
    const item = (target as Element).closest?.<HTMLElement>('[data-item],[data-near]');
    // It moves, if only once that code is there: the page doesn't scroll by it.
    if (item && /^Arrow/.test(key)) event.preventDefault();
    // Of a button keys make clicks by themselves.
    const isKey = /^( |Enter)$/.test(key) && item?.localName !== 'button';
    if (!item || !(isKey || type === 'click')) return;
    event.preventDefault();
    if (!repeat) this.select((item.dataset.item ?? item.dataset.near)!);
  };

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementEventMap {
    'pt-load': CustomEvent<WidgetAnswer>;
    'pt-error': CustomEvent<Refusal>;
    'pt-select': CustomEvent<Selection>;
  }
}
