import { svg, type TemplateResult } from 'lit';
import type { Formats } from './formats.ts';
import { clockIcon, type Notice } from './notice.ts';
import type { Refusal } from './refusal.ts';
import { refusedWords as words } from './refused-words.ts';

const keyIcon = svg`<circle cx="5.5" cy="10.5" r="2.8"/><path d="m7.6 8.4 5.4-5.4M10.3 5.7l1.9 1.9"/>`;
const barredIcon = svg`<circle cx="8" cy="8" r="5.5"/><path d="m4.2 11.8 7.6-7.6"/>`;

/** What to say of a refusal by the API: of a status from 400 to 499. */
export function noticeOf(refusal: Refusal, formats: Formats): Notice {
  const { status, code } = refusal;
  if (status === 429) return say(clockIcon, words.limitReached, limitHint(refusal, formats));
  if (/origin/.test(code)) return say(barredIcon, words.originRefused, words.originRefusedHint);
  if (/tier/.test(code)) return say(barredIcon, words.tierTooLow, words.tierTooLowHint);
  if (/scope/.test(code)) return say(keyIcon, words.scopeMissing, words.scopeMissingHint);
  if (status === 401) return say(keyIcon, words.noKey, words.noKeyHint);
  if (status === 403) return say(keyIcon, words.keyRefused, words.keyRefusedHint);
  if (status === 404) return say(barredIcon, words.notFound, words.notFoundHint);
  return say(barredIcon, words.cannotShow, words.cannotShowHint);
}

function say(icon: TemplateResult, title: string, hint: string): Notice {
  return { icon, title, hint };
}

function limitHint({ limit, resetsAt, now }: Refusal, formats: Formats): string {
  const midnight = resetsAt ?? new Date(now).setUTCHours(24, 0, 0, 0);
  const minutes = Math.ceil((midnight - now) / 60_000);
  const used = limit ? words.limitUsed(formats.count(limit)) : '';
  return used + words.limitHint(Math.floor(minutes / 60), minutes % 60);
}
