import { html, nothing, type TemplateResult } from 'lit';
import type { Branding } from '../../shared/answers/branding.ts';
import { isRightToLeft } from '../../shared/language.ts';
import type { Formats } from './formats.ts';
import { clockIcon, drawIcon } from './icon.ts';
import { commonWordsOf } from './words.ts';

/** A card around what the widget draws in it. */
export interface Card {
  title: string;
  /** The level of its heading on the page. */
  level: number;
  /** Beside the title: whether it is live. */
  status: Node | undefined;
  /** At the title's right: whose figures, of what time, or how old they are. */
  aside: TemplateResult | typeof nothing;
  /** At the footer's left when something is wrong, in place of the partner's name. */
  remark: string | null;
  branding: Branding | null;
  theme: string | null | undefined;
  /** Whether it waits for its answer or its words. */
  busy: boolean;
  /** The language of its words; undefined until they are loaded: no word is shown before. */
  spoken: string | undefined;
}

export function drawCard(card: Card, content: TemplateResult, formats: Formats): TemplateResult {
  const { title, level, status, aside, busy, spoken } = card;
  // Of the words, for screen readers: figures may follow another language.
  return html`<div class="box"><section part="card" lang=${spoken ?? nothing} dir=${isRightToLeft(formats.language) ? 'rtl' : nothing} aria-busy=${busy || nothing}>
    <header part="header"><h2 part="title" aria-level=${level}>${title}</h2>${status}${
      busy ? html`<p class="skeleton"></p>` : aside
    }</header>
    ${content}
    <footer part="footer">${drawPartner(card)}${
      card.branding?.hide_powered_by
        ? nothing
        : html`<span class="by">${commonWordsOf(formats).poweredBy}</span>`
    }</footer>
  </section></div>`;
}

/** Whose figures these are, and `other`, such as their period; a narrow card says `brief` in place of whose. */
export function drawScope(account: string, other: unknown, brief?: string): TemplateResult {
  return html`<p><bdi class="account" title=${account}>${account}</bdi> <span>${
    brief ? html`<span class="slim">${brief}</span>` : nothing
  }${other}</span></p>`;
}

/** The time of figures that are old. */
export function drawStale(
  time: string,
  formats: Formats,
  after: unknown = nothing,
): TemplateResult {
  return html`<p class="stale">${drawIcon(clockIcon)}${commonWordsOf(formats).asOf(time)}${after}</p>`;
}

function drawPartner({ remark, branding, theme }: Card): TemplateResult | typeof nothing {
  if (remark) return html`<span>${remark}</span>`;
  const name = branding?.company_name;
  const logo = branding ? drawLogo(branding, theme) : nothing;
  if (!name && logo === nothing) return nothing;
  return html`<span class="partner">${logo}<bdi>${name}</bdi></span>`;
}

/** Under the theme `auto` the browser chooses: a still has no script. */
function drawLogo(
  { logo_url, logo_url_light, logo_url_dark }: Branding,
  theme: string | null | undefined,
): TemplateResult | typeof nothing {
  const light = logo_url_light ?? logo_url;
  const dark = logo_url_dark ?? logo_url;
  const isEither = theme === 'auto' && light !== dark;
  const logo = theme === 'light' ? light : dark;
  if (!isEither && !logo) return nothing;
  return html`<picture>${
    isEither ? [drawSource('light', light), drawSource('dark', dark)] : nothing
  }<img src=${isEither ? nothing : logo} alt="" referrerpolicy="no-referrer"></picture>`;
}

/** Hides a logo that can't be loaded, so that the name takes its place. */
export function watchLogo(root: EventTarget): void {
  const update = ({ type, target }: Event) => {
    (target as HTMLElement).hidden = type === 'error';
  };
  for (const type of ['load', 'error']) root.addEventListener(type, update, true);
}

function drawSource(scheme: string, logo: string | null): TemplateResult {
  return html`<source media="(prefers-color-scheme:${scheme})" srcset=${logo}>`;
}
