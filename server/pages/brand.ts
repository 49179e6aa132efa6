import { escapeText } from '../../shared/markup.ts';
import type { Partner } from '../store/partners.ts';

/** A partner as its pages show it. */
type Brand = Pick<
  Partner,
  'name' | 'company_name' | 'primary_color' | 'logo_url' | 'logo_url_light' | 'logo_url_dark'
>;

export function firmOf({ company_name, name }: Brand): string {
  return company_name ?? name;
}

/** The style sheets of a page with the firm's colour, and the text on it in black or white. */
export function brandStyles({ primary_color }: Brand): string[] {
  const digits = /^#?([0-9a-f]{6})$/i.exec(primary_color ?? '')?.[1];
  if (!digits) return [];
  return [`:root{--accent:#${digits};--on-accent:${isLight(digits) ? '#000' : '#fff'}}`];
}

/** Whether black has more contrast on a colour than white (WCAG 2). */
function isLight(digits: string): boolean {
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! > 0.179;
}

/** The firm's logo for either theme; null: it has none. */
export function drawLogo(brand: Brand): string | null {
  const light = brand.logo_url_light ?? brand.logo_url;
  const dark = brand.logo_url_dark ?? brand.logo_url;
  const standard = light ?? dark;
  if (standard === null) return null;
  const source =
    dark !== null && dark !== standard
      ? `<source media="(prefers-color-scheme:dark)" srcset="${escapeText(dark)}">`
      : '';
  return `<picture>${source}<img class="logo" src="${escapeText(standard)}" alt="${escapeText(firmOf(brand))}" height="32"></picture>`;
}
