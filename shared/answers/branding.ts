import { z } from 'zod';
import { text, yesOrNo } from './fields.ts';

export const branding = z
  .object({
    primary_color: text(
      'The accent colour, `#rrggbb`; null: the default of each theme.',
    ).nullable(),
    logo_url: text('The https address of the logo; null: there is no logo.').nullable(),
    logo_url_light: text(
      'The https address of the logo on the light theme; null: `logo_url`.',
    ).nullable(),
    logo_url_dark: text(
      'The https address of the logo on the dark theme; null: `logo_url`.',
    ).nullable(),
    company_name: text(
      'The name that is shown beside the logo, or instead of one; null: no name.',
    ).nullable(),
    hide_powered_by: yesOrNo('Whether “Powered by PropTally” is hidden.'),
  })
  .meta({ id: 'Branding', description: 'The brand that the partner’s widgets show.' });

export type Branding = z.output<typeof branding>;
