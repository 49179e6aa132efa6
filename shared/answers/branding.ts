import { z } from 'zod';
import { text, yesOrNo } from './fields.ts';

/** The brand that a partner's widgets show. */
export const branding = z
  .object({
    primary_color: text('`#rrggbb`; null: each theme’s own.').nullable(),
    logo_url: text('An https address.').nullable(),
    logo_url_light: text('Instead of `logo_url` on the light theme; null: `logo_url`.').nullable(),
    logo_url_dark: text('Instead of `logo_url` on the dark theme; null: `logo_url`.').nullable(),
    company_name: text('What stands beside the logo, or instead of it.').nullable(),
    hide_powered_by: yesOrNo('Whether “Powered by PropTally” is left out.'),
  })
  .meta({ id: 'Branding' });

export type Branding = z.output<typeof branding>;
