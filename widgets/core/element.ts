import {
  html,
  isServer,
  LitElement,
  noChange,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type RenderOptions,
  type TemplateResult,
} from 'lit';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import { leastRefresh, mostRefresh } from '../../shared/refresh.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import { AccentPainter } from './accent-painter.ts';
import type { AnswerHost, Following, Outcome, Question } from './answer-host.ts';
import { type Card, drawCard, drawScope, drawStale, watchLogo } from './card.ts';
import { cardStyles } from './card-styles.ts';
import { type Formats, formatsOf, knownZone } from './formats.ts';
import { languages } from './language.ts';
import type { AnswerController } from './lazy/answer-controller.ts';
import { load, loaded } from './on-demand.ts';
import { pageDocument } from './page-document.ts';
import { isPassing, type Refusal } from './refusal.ts';
import { themeStyles } from './theme-styles.ts';
import { commonWordsOf } from './words.ts';

type Figures<Name extends WidgetName> = WidgetAnswer<Name>['data'];

/**
 * The base of all widgets: loads the answer, draws the card and the states without figures. A widget
 * adds {@link drawFigures} and {@link drawSkeleton}, and the properties that only its question has.
 *
 * @fires pt-load - An answer was loaded; `detail` is the answer.
 * @fires pt-error - None could be loaded; `detail` is the {@link Refusal}.
 */
export abstract class WidgetElement<Name extends WidgetName = WidgetName>
  extends LitElement
  implements AnswerHost<Name>
{
  static override properties: PropertyDeclarations = {
    token: {},
    apiKey: { attribute: 'api-key' },
    base: {},
    accountId: { attribute: 'account-id' },
    attempt: {},
    currency: {},
    theme: { reflect: true },
    accent: {},
    palette: { reflect: true },
    lang: {},
    timezone: {},
    refresh: {},
    live: {},
    answer: { state: true },
    refusal: { state: true },
    wait: { state: true },
    following: { state: true },
  };

  static override styles = [themeStyles, cardStyles];

  // Lit's own default, repeated here so that a page's Object.prototype is not in it (build/null-prototypes.ts).
  static override shadowRootOptions: ShadowRootInit = { mode: 'open' };

  static override getPropertyDescriptor(
    ...property: Parameters<typeof LitElement.getPropertyDescriptor>
  ): PropertyDescriptor {
    // biome-ignore lint/complexity/noThisInStatic: it is called for each subclass
    return { ...super.getPropertyDescriptor(...property) };
  }

  override readonly renderOptions: RenderOptions = { creationScope: pageDocument };

  /** Without a token and key of its own it uses the page's credential. */
  declare token: Question['token'];
  declare apiKey: string | null | undefined;
  /** Default: the script's origin. */
  declare base: string | null | undefined;
  declare accountId: string | null | undefined;
  declare attempt: number | string | null | undefined;
  declare currency: string | null | undefined;
  declare theme: string | null | undefined;
  declare accent: string | null | undefined;
  declare palette: string | null | undefined;
  declare timezone: string | null | undefined;
  /** Seconds. */
  declare refresh: number | string | null | undefined;
  /** What is drawn; an old answer when there is a refusal too. */
  declare answer: WidgetAnswer<Name> | undefined;
  declare refusal: Refusal | undefined;
  declare wait: number;
  /** `on` or an empty text, or `off`. */
  declare live: string | boolean | null | undefined;
  declare following: Following | undefined;

  abstract readonly widget: Name;

  /** Its words in the language of formats, with the heading of its card. */
  protected abstract readonly wordsOf: (formats: Formats) => { readonly heading: string };

  /** The documented height, in px. */
  protected abstract readonly height: number;

  /** The level of the card's heading on its page. */
  level = 2;

  /** When the answer that is drawn came, in epoch ms. */
  answeredAt = 0;

  /** How many ms the server's clock is ahead of this machine's: ages are counted by the server's. */
  clockSkew = 0;

  /** The widget's own part of the card. */
  protected abstract drawFigures(figures: Figures<Name>, formats: Formats): TemplateResult;

  /** Placeholders in the same places, until there are figures. */
  protected abstract drawSkeleton(): TemplateResult;

  protected abstract isEmpty(figures: Figures<Name>): boolean;

  /** The part of the picture that is drawn when there are no trades yet, such as axes. */
  protected drawEmptyPicture(
    _figures: Figures<Name>,
    _formats: Formats,
  ): TemplateResult | typeof nothing {
    return nothing;
  }

  protected titleOf(_figures: Figures<Name>, _formats: Formats): string {
    return this.heading();
  }

  /** At the title's right: whose figures these are, and of what time. */
  protected drawAside(figures: Figures<Name>, formats: Formats): TemplateResult {
    const { periods } = commonWordsOf(formats);
    return this.drawScope(figures, html`<bdi>${periods[figures.period]}</bdi>`, formats);
  }

  protected drawScope(figures: Figures<Name>, other: unknown, formats: Formats): TemplateResult {
    const { account, accounts, currency } = figures;
    const words = commonWordsOf(formats);
    if (account && !this.showsAll) return drawScope(account.nickname, other);
    // By the currency a visitor sees that accounts in others are left out.
    return this.showsAll || accounts.left_out
      ? drawScope(words.allAccountsIn(currency), other, currency)
      : drawScope(words.allAccounts, other);
  }

  /** The same when the figures are old: how old. */
  protected drawStale(time: string, _figures: Figures<Name>, formats: Formats): TemplateResult {
    return drawStale(time, formats);
  }

  /** Whether the figures are of all accounts even if the question names one. */
  protected readonly showsAll: boolean = false;

  /** How many px more than the documented height all the figures would fill. */
  protected extraHeight(_figures: Figures<Name>): number {
    return 0;
  }

  /** The refresh interval in seconds where none is set. */
  protected readonly defaultRefresh: number = 0;

  readonly #painter = new AccentPainter();
  #controller = loaded('controller')?.createAnswerController(this);

  // A declarative shadow root is emptied, as Lit would draw beside what it holds. Its styles stay: a
  // shell's script has none of its own.
  override createRenderRoot(): HTMLElement | DocumentFragment {
    const { shadowRoot } = this;
    shadowRoot?.replaceChildren(...shadowRoot.querySelectorAll('style'));
    const root = super.createRenderRoot();
    watchLogo(root);
    return root;
  }

  show(answer: WidgetAnswer<Name>, at: number): void {
    this.answer = answer;
    this.answeredAt = at;
    // A still comes with its colours.
    this.#painter.skip(this.#accents());
    this.#controller?.answered();
  }

  /** Requests the answer again. Until it is there the old picture stays. */
  async reload(): Promise<void> {
    await (await this.controller()).reload();
  }

  /** A shell, which comes with an answer, loads it when it is first needed. */
  async controller(): Promise<AnswerController> {
    const { createAnswerController } = await load('controller');
    this.#controller ??= createAnswerController(this);
    return this.#controller;
  }

  settle({ answer, refusal }: Outcome, isNewQuestion: boolean): void {
    // Another attempt to load words that could not be loaded.
    void this.#loadWords();
    this.refusal = refusal;
    this.wait = 0;
    // An old picture stays while the connection is bad, but not after its key is revoked.
    if (answer || isNewQuestion || !isPassing(refusal)) this.answer = answer as WidgetAnswer<Name>;
    if (answer) this.answeredAt = Date.now();
    this.emit(answer ? 'pt-load' : 'pt-error', answer ?? refusal);
  }

  /** Not where nothing (`null`, `undefined`) says so. */
  isLive(): boolean {
    return !/off|false|n[ud]/.test(`${this.live}`);
  }

  /** None while changes are heard of. */
  refreshInterval(): number {
    if (this.following?.stream) return 0;
    const seconds = Number(this.refresh ?? this.defaultRefresh);
    return seconds > 0 ? Math.min(Math.max(seconds, leastRefresh), mostRefresh) : 0;
  }

  /** The card's heading, unless the figures give another. */
  heading(): string {
    return this.wordsOf(this.formats()).heading;
  }

  /** The height in px at which all the figures are shown. */
  naturalHeight(): number {
    return this.height + (this.answer ? this.extraHeight(this.answer.data as Figures<Name>) : 0);
  }

  protected override updated(_changed: PropertyValues): void {
    void this.#painter.update(this.renderRoot, this.#accents());
  }

  override render(): TemplateResult | typeof noChange {
    const spoken = this.spoken();
    if (!spoken) {
      void this.#loadWords();
      // The picture stays in its old language until then.
      if (this.hasUpdated) return noChange;
    }
    const { answer, refusal, level, theme } = this;
    const figures = answer?.data as Figures<Name> | undefined;
    const formats = this.formats();
    const card: Card = {
      title: figures ? this.titleOf(figures, formats) : this.heading(),
      level,
      status: this.following?.status,
      aside: !figures
        ? nothing
        : refusal || this.#isLate()
          ? this.drawStale(formats.time(this.answeredAt), figures, formats)
          : this.drawAside(figures, formats),
      remark: this.#remark(formats),
      branding: answer?.branding ?? null,
      theme,
      busy: !spoken || (!answer && !refusal),
      spoken,
    };
    return drawCard(
      card,
      spoken ? this.#drawContent(figures, formats) : this.drawSkeleton(),
      formats,
    );
  }

  /** The language of its words; undefined until they are loaded. */
  spoken(): string | undefined {
    return languages.vocabularyOf(this.language())?.language;
  }

  protected language(): string {
    if (isServer) return languages.choose(this.lang);
    const around = this.closest('[lang]')?.getAttribute('lang');
    return languages.choose(this.lang, around, navigator.language);
  }

  /** How its figures are written. */
  formats(): Formats {
    return formatsOf(
      this.language(),
      this.answer?.data.currency ?? 'USD',
      knownZone(this.timezone),
    );
  }

  /** What is wrong, for the footer: the status of a refusal, or that there is no connection. */
  #remark(formats: Formats): string | null {
    const { answer, refusal } = this;
    const words = commonWordsOf(formats);
    if (refusal?.status) return words.code(refusal.status);
    return answer && refusal ? words.retrying : null;
  }

  #drawContent(figures: Figures<Name> | undefined, formats: Formats): TemplateResult {
    const { refusal, wait } = this;
    if (figures && !this.isEmpty(figures)) return this.drawFigures(figures, formats);
    if (!figures && !refusal) return this.drawSkeleton();
    const states = loaded('states');
    if (!states) {
      void this.#loadStates();
      return this.drawSkeleton();
    }
    if (!figures) return states.drawRefusal(refusal!, wait, formats);
    return states.drawNothingYet(figures.period, this.drawEmptyPicture(figures, formats), formats);
  }

  async #loadWords(): Promise<void> {
    if (await languages.load(this.language())) this.requestUpdate();
  }

  async #loadStates(): Promise<void> {
    try {
      await load('states');
      this.requestUpdate();
    } catch {
      // Without a connection the skeleton stays.
    }
  }

  /** Whether no answer came for two refresh intervals. */
  #isLate(): boolean {
    const { answeredAt } = this;
    // In a still it is 0.
    return !!answeredAt && Date.now() - answeredAt > (this.refreshInterval() || Infinity) * 2_000;
  }

  /** The page's goes before the partner's. */
  #accents() {
    return [this.accent, this.answer?.branding.primary_color];
  }

  protected emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
