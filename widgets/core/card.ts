import { html, nothing, type TemplateResult } from 'lit';
import type { Branding } from '../../shared/answers/widgets.ts';
import { clockIcon, drawIcon } from './notice.ts';
import { words } from './words.ts';

/** A card without what the widget draws in it. */
export interface Card {
  title: string;
  /** Quietly at the title's right: whose figures, of what time. Null while nobody knows. */
  about: { account: string; period: string } | null;
  /** Set when the figures are old: since when. */
  asOf: string | null;
  /** What stands at the footer's left when something is wrong, instead of the partner's name. */
  remark: string | null;
  branding: Branding | null;
  /** Asked and not answered yet. */
  busy: boolean;
  rightToLeft: boolean;
}

export function drawCard(card: Card, content: TemplateResult): TemplateResult {
  // The words are English whatever the language of the figures: a screen reader has to know.
  return html`<section lang="en" dir=${card.rightToLeft ? 'rtl' : nothing} aria-busy=${card.busy || nothing}>
    <header><h2>${card.title}</h2>${drawAbout(card)}</header>
    ${content}
    <footer>${drawPartner(card)}${
      card.branding?.hide_powered_by ? nothing : html`<span class="by">${words.poweredBy}</span>`
    }</footer>
  </section>`;
}

function drawAbout({ about, asOf, busy }: Card): TemplateResult | typeof nothing {
  if (asOf) return html`<p class="old">${drawIcon(clockIcon)}${words.asOf(asOf)}</p>`;
  if (!about) return busy ? html`<p class="bone"></p>` : nothing;
  return html`<p><bdi class="who" title=${about.account}>${about.account}</bdi><span>${about.period}</span></p>`;
}

function drawPartner({ remark, branding }: Card): TemplateResult | typeof nothing {
  if (remark) return html`<span>${remark}</span>`;
  const name = branding?.company_name;
  const logo = branding?.logo_url?.startsWith('https://') ? branding.logo_url : null;
  if (!name && !logo) return nothing;
  return html`<span class="partner">${
    logo ? html`<img src=${logo} alt="" referrerpolicy="no-referrer">` : nothing
  }<bdi>${name}</bdi></span>`;
}
