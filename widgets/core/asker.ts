import type { LitElement } from 'lit';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { WidgetName } from '../../shared/widgets.ts';
import type { TokenSource } from './later/token.ts';
import type { Refusal } from './refusal.ts';

type Value = string | number | null | undefined;

/** What is asked, with what and whom, as an element's properties say it. */
export interface Question {
  readonly widget: WidgetName;
  /** Instead of a key: a token, or what gets one. */
  token: string | TokenSource | null | undefined;
  /** A publishable key. */
  apiKey: string | null | undefined;
  /** Origin of the API for its own token or key. */
  base: string | null | undefined;
  accountId?: Value;
  firmId?: Value;
  period?: Value;
  month?: Value;
  sort?: Value;
  limit?: Value;
  maxDrawdown?: Value;
  currency?: Value;
}

/** An element that asks: its properties say what, and it draws what came of it. */
export interface Asker<Name extends WidgetName = WidgetName> extends LitElement, Question {
  readonly widget: Name;
  readonly answer: WidgetAnswer<Name> | undefined;
  refusal: Refusal | undefined;
  /** Seconds until it asks again by itself, 0 when it doesn't count down. */
  wait: number;
  /** When what is drawn was answered, in epoch ms. */
  readonly answeredAt: number;
  /** Seconds from one answer to the next question; 0: none. */
  pause(): number;
  /** Draws an answer of the moment `at` (epoch ms) that it has not asked for. */
  show(answer: WidgetAnswer<Name>, at: number): void;
  /** `isAnother`: to another question than the last. */
  settle(outcome: Outcome, isAnother: boolean): void;
}

/** What came of it. */
export type Outcome<Name extends WidgetName = WidgetName> =
  | { answer: WidgetAnswer<Name>; refusal?: undefined }
  | { answer?: undefined; refusal: Refusal };
