import type { LitElement } from 'lit';
import type { WidgetAnswer } from '../../shared/answers/widgets.ts';
import type { DataParameter, WidgetName } from '../../shared/widgets.ts';
import type { Formats } from './formats.ts';
import type { TokenSource } from './lazy/token.ts';
import type { Refusal } from './refusal.ts';

type CamelCase<Name extends string> = Name extends `${infer Start}_${infer Rest}`
  ? `${Start}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The parameters of a request, by the properties that give them. */
export type ParametersByProperty = {
  readonly [Name in DataParameter as CamelCase<Name>]: Name;
};

/** What an element asks the API: the widget, its parameters and the credential, as its properties say. */
export interface Question
  extends Partial<Record<keyof ParametersByProperty, string | number | null | undefined>> {
  readonly widget: WidgetName;
  /** Instead of a key: a token, or a function that gets one. */
  token: string | TokenSource | null | undefined;
  /** A publishable key. */
  apiKey: string | null | undefined;
  /** Origin of the API that the element's own token or key is for. */
  base: string | null | undefined;
  following: Following | undefined;
}

/** How an element hears of changes: from a stream, while that is open. */
export interface Following {
  /** `off`: it can't, or hasn't for a while. */
  readonly state: 'live' | 'reconnecting' | 'off';
  /** The stream that its questions name. */
  readonly stream?: string | undefined;
  /** Says so, beside the title. */
  readonly status?: HTMLElement;
}

/** An answer, or why there is none. */
export type Outcome<Name extends WidgetName = WidgetName> =
  | { answer: WidgetAnswer<Name>; refusal?: undefined }
  | { answer?: undefined; refusal: Refusal };

/** The element as its answer controller knows it: its properties are the question, and it draws the outcome. */
export interface AnswerHost<Name extends WidgetName = WidgetName> extends LitElement, Question {
  readonly widget: Name;
  answer: WidgetAnswer<Name> | undefined;
  refusal: Refusal | undefined;
  /** Seconds until the next attempt; 0 when none is counted down to. */
  wait: number;
  /** When the answer that is drawn came, in epoch ms. */
  readonly answeredAt: number;
  /** Seconds from one answer to the next question; 0: it doesn't refresh. */
  refreshInterval(): number;
  /** How its figures are written. */
  formats(): Formats;
  /** Whether it is to follow a stream. */
  isLive(): boolean;
  /** Draws an answer of the moment `at` (epoch ms) that came from elsewhere than the controller. */
  show(answer: WidgetAnswer<Name>, at: number): void;
  /** Takes an outcome; `isNewQuestion`: the one before was of another question. */
  settle(outcome: Outcome, isNewQuestion: boolean): void;
}

/** The answer controller of an element, as what follows changes knows it. */
export interface Asker {
  readonly host: AnswerHost;
  /** Whether an answer is under way, or was never there. */
  isAsking(): boolean;
  canBeSeen(): boolean;
  /** Requests the answer again, at once or when it is in view. */
  loadWhenSeen(): void;
}
