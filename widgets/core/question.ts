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

/** What came of it. */
export type Outcome<Name extends WidgetName = WidgetName> =
  | { answer: WidgetAnswer<Name>; refusal?: undefined }
  | { answer?: undefined; refusal: Refusal };
