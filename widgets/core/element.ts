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
import { day, second } from '../../shared/time.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import type { Asker, Outcome, Question } from './asker.ts';
import { type Card, drawAbout, drawCard, drawOld, watchLogo } from './card.ts';
import { cardStyles } from './card-styles.ts';
import { type Formats, formatsOf, knownZone } from './formats.ts';
import { speech } from './language.ts';
import type { Asking } from './later/asking.ts';
import { have, need } from './on-demand.ts';
import { pageDocument } from './page-document.ts';
import { Paint } from './paint.ts';
import { isPassing, type Refusal } from './refusal.ts';
import { themeStyles } from './theme-styles.ts';
import { commonWordsOf } from './words.ts';

type Figures<Name extends WidgetName> = WidgetAnswer<Name>['data'];

/**
 * What all widgets are made of: asks, draws the card and the states without figures. A widget adds
 * {@link drawFigures} and {@link drawBones}, and the properties that only its question has.
 *
 * @fires pt-load - An answer came; `detail` is the answer.
 * @fires pt-error - None came; `detail` is the {@link Refusal}.
 */
export abstract class WidgetElement<Name extends WidgetName = WidgetName>
  extends LitElement
  implements Asker<Name>
{
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

  // Said once more: in a script for others' pages none of our options has a prototype (build/bare.ts).
  static override shadowRootOptions: ShadowRootInit = { mode: 'open' };

  static override getPropertyDescriptor(
    ...property: Parameters<typeof LitElement.getPropertyDescriptor>
  ): PropertyDescriptor {
    // biome-ignore lint/complexity/noThisInStatic: whose properties they are
    return { ...super.getPropertyDescriptor(...property) };
  }

  override readonly renderOptions: RenderOptions = { creationScope: pageDocument };

  /** Without token and key it asks as the page says. */
  declare token: Question['token'];
  declare apiKey: string | null | undefined;
  /** Default: that of the script. */
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
  declare wait: number;

  abstract readonly widget: Name;

  /** What it says in the language of formats; among it what its card is headed. */
  protected abstract readonly wordsOf: (formats: Formats) => { readonly heading: string };

  /** The documented height, in px. */
  protected abstract readonly height: number;

  /** The rank of the card's heading on its page. */
  level = 2;

  /** When what is drawn was answered, in epoch ms. */
  answeredAt = 0;

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

  /** Seconds between two questions when nobody says. */
  protected readonly standardRefresh: number = 0;

  readonly #paint = new Paint();
  #asking = have('asking')?.startAsking(this);

  // Lit draws beside what a declarative shadow root already holds. Its styles stay: they are those
  // that apply, and a shell's script has none of its own.
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
    // A still has brought its colours.
    this.#paint.isOf(this.#accents());
    this.#asking?.answered();
  }

  /** Asks again. Until the answer is there the old picture stays. */
  async reload(): Promise<void> {
    await (await this.asking()).now();
  }

  /** What asks for it: in a shell, which has an answer, loaded when it is needed first. */
  async asking(): Promise<Asking> {
    const { startAsking } = await need('asking');
    this.#asking ??= startAsking(this);
    return this.#asking;
  }

  settle({ answer, refusal }: Outcome, isAnother: boolean): void {
    // Words that could not be had are tried again with each question.
    void this.#learn();
    this.refusal = refusal;
    this.wait = 0;
    // An old picture outlives a bad connection, not a withdrawn key.
    if (answer || isAnother || !isPassing(refusal)) this.answer = answer as WidgetAnswer<Name>;
    if (answer) this.answeredAt = Date.now();
    this.tell(answer ? 'pt-load' : 'pt-error', answer ?? refusal);
  }

  pause(): number {
    const seconds = Number(this.refresh ?? this.standardRefresh);
    return seconds > 0 ? Math.min(Math.max(seconds, 10), day / second) : 0;
  }

  /** What its card is headed when the figures say nothing else. */
  heading(): string {
    return this.wordsOf(this.#formats()).heading;
  }

  /** In px: what the figures would fill, however much room there is. */
  naturalHeight(): number {
    return this.height + (this.answer ? this.extraHeight(this.answer.data as Figures<Name>) : 0);
  }

  protected override updated(_changed: PropertyValues): void {
    void this.#paint.update(this.renderRoot, this.#accents());
  }

  override render(): TemplateResult | typeof noChange {
    const spoken = this.spoken();
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
          ? this.drawOld(formats.time(this.answeredAt), figures, formats)
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

  /** The language of its words; undefined until they are there. */
  spoken(): string | undefined {
    return speech.spokenIn(this.language())?.language;
  }

  protected language(): string {
    if (isServer) return speech.choose(this.lang);
    const around = this.closest('[lang]')?.getAttribute('lang');
    return speech.choose(this.lang, around, navigator.language);
  }

  #formats(): Formats {
    return formatsOf(
      this.language(),
      this.answer?.data.currency ?? 'USD',
      knownZone(this.timezone),
    );
  }

  #drawContent(figures: Figures<Name> | undefined, formats: Formats): TemplateResult {
    const { refusal, wait } = this;
    if (figures && !this.isEmpty(figures)) return this.drawFigures(figures, formats);
    if (!figures && !refusal) return this.drawBones();
    const states = have('states');
    if (!states) {
      void this.#loadStates();
      return this.drawBones();
    }
    if (!figures) return states.drawRefusal(refusal!, wait, formats);
    return states.drawNothingYet(figures.period, this.drawGround(figures, formats), formats);
  }

  /** Gets the words of its language, if they aren't there. */
  async #learn(): Promise<void> {
    if (await speech.learn(this.language())) this.requestUpdate();
  }

  async #loadStates(): Promise<void> {
    try {
      await need('states');
      this.requestUpdate();
    } catch {
      // Without a connection the skeleton stays until there is one.
    }
  }

  /** Whether nothing was heard for two refreshes. */
  #isLate(): boolean {
    const { answeredAt } = this;
    // A still was never asked for.
    return !!answeredAt && Date.now() - answeredAt > (this.pause() || Infinity) * 2_000;
  }

  /** The page's, else the partner's. */
  #accents() {
    return [this.accent, this.answer?.branding.primary_color];
  }

  protected tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
