import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Period } from '../../../shared/period.ts';
import { minute } from '../../../shared/time.ts';
import type { Formats } from '../formats.ts';
import { clockIcon, drawIcon } from '../icon.ts';
import { isByApi, type Refusal } from '../refusal.ts';
import { stateWordsOf } from './state-words.ts';

/** The title says what is wrong, the hint what to do about it. */
type Notice = readonly [icon: TemplateResult, title: string, hint: string];

const chartIcon = svg`<path d="M2.5 13.5h11M3 10.5 6 8l2 1.2 2.5-3.4 1.2.8L13.5 4"/>`;
const offlineIcon = svg`<path d="M2 6.4a9 9 0 0 1 3-1.9m3-.5a9 9 0 0 1 6 2.4M4.5 9a5.4 5.4 0 0 1 2.4-1.3m2.6.1A5.4 5.4 0 0 1 11.5 9M8 12v.1M2.5 2.5l11 11"/>`;
const keyIcon = svg`<circle cx="5.5" cy="10.5" r="2.8"/><path d="m7.6 8.4 5.4-5.4M10.3 5.7l1.9 1.9"/>`;
const barredIcon = svg`<circle cx="8" cy="8" r="5.5"/><path d="m4.2 11.8 7.6-7.6"/>`;

/** There are no trades yet; `picture` is what is drawn below all the same. */
export function drawNothingYet(
  period: Period,
  picture: TemplateResult | typeof nothing,
  formats: Formats,
): TemplateResult {
  const words = stateWordsOf(formats);
  return draw([chartIcon, words.nothingYet(period), words.nothingYetHint], picture);
}

/** `wait`: seconds until the next attempt. */
export function drawRefusal(refusal: Refusal, wait: number, formats: Formats): TemplateResult {
  if (isByApi(refusal)) return draw(noticeOf(refusal, wait, formats));
  const words = stateWordsOf(formats);
  const title = refusal.code === 'offline' ? words.offline : words.unreachable;
  return draw([offlineIcon, title, words.nothingToShow + words.retryHint(wait)]);
}

function draw(
  [icon, title, hint]: Notice,
  picture: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<div class="notice" role="status">
    <span class="disc">${drawIcon(icon)}</span>
    <strong>${title}</strong>
    <p>${hint}</p>
  </div>${picture}`;
}

/** For a status from 400 to 499. */
function noticeOf(refusal: Refusal, wait: number, formats: Formats): Notice {
  const { status, code } = refusal;
  const words = stateWordsOf(formats);
  if (code === 'too_many_requests')
    return [clockIcon, words.tooManyRequests, words.retryHint(wait)];
  if (status === 429) return [clockIcon, words.limitReached, limitHint(refusal, formats)];
  if (code === 'origin_not_allowed')
    return [barredIcon, words.originRefused, words.originRefusedHint];
  if (code === 'tier_required') return [barredIcon, words.tierTooLow, words.tierTooLowHint];
  if (code === 'missing_scope') return [keyIcon, words.scopeMissing, words.scopeMissingHint];
  if (code === 'invalid_token') return [clockIcon, words.viewEnded, words.viewEndedHint];
  if (code === 'outside_token') return [keyIcon, words.outsideToken, words.outsideTokenHint];
  if (status === 401) return [keyIcon, words.noKey, words.noKeyHint];
  if (status === 403) return [keyIcon, words.keyRefused, words.keyRefusedHint];
  if (status === 404) return [barredIcon, words.notFound, words.notFoundHint];
  return [barredIcon, words.cannotShow, words.cannotShowHint];
}

function limitHint({ limit, now }: Refusal, formats: Formats): string {
  const midnight = new Date(now).setUTCHours(24, 0, 0, 0);
  const minutes = Math.ceil((midnight - now) / minute);
  const words = stateWordsOf(formats);
  const used = limit ? words.limitUsed(formats.count(limit)) : '';
  return used + words.limitHint(Math.floor(minutes / 60), minutes % 60);
}
