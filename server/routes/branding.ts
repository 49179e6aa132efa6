import { z } from 'zod';
import { tierIncludes, whiteLabelTier } from '../../shared/access.ts';
import type { Branding } from '../../shared/answers/branding.ts';
import { type BrandingAnswer, brandingAnswer } from '../../shared/answers/partner.ts';
import { colour, httpsAddress, rulesOfLine, text } from '../fields.ts';
import { Refusal } from '../refusal.ts';
import { action, change } from '../route.ts';
import { changePartner, type Partner, type PartnerChanges } from '../store/partners.ts';

const path = '/api/partner/branding';

/** An absent field stays as it is; null removes it. */
export const brandingFields = {
  primary_color: colour.nullable().optional().describe('The accent colour of the widgets.'),
  logo_url: httpsAddress.nullable().optional().describe('The https address of a logo.'),
  logo_url_light: httpsAddress
    .nullable()
    .optional()
    .describe('The logo on the light theme, instead of `logo_url`.'),
  logo_url_dark: httpsAddress
    .nullable()
    .optional()
    .describe('The logo on the dark theme, instead of `logo_url`.'),
  company_name: text(100)
    .nullable()
    .optional()
    .describe(`The name that widgets show beside the logo, or instead of one. ${rulesOfLine(100)}`),
  hide_powered_by: z
    .boolean('must be true or false')
    .optional()
    .describe(
      `Whether widgets leave out “Powered by PropTally”. True needs the ${whiteLabelTier} tier.`,
    ),
};

const branded = { means: 'The brand as it is now.', schema: brandingAnswer };

export const brandingReading = action({
  name: 'readBranding',
  method: 'GET',
  path,
  summary: 'Reads the brand that the partner’s widgets show.',
  query: z.object({}),
  answers: { 200: branded },
  refusals: {},
  act: async ({ caller: { partner } }) => ({ status: 200, body: answerOf(partner) }),
});

export const brandingChange = change({
  name: 'changeBranding',
  method: 'PUT',
  path,
  summary: 'Changes the fields of the brand that are sent. Null removes a value.',
  query: z.object({}),
  body: z.strictObject(brandingFields),
  answers: { 200: branded },
  refusals: { 403: ['tier_required'] },
  change: async ({ body, transaction, caller: { partner }, actor, now }) => {
    if (body.hide_powered_by && !mayHidePoweredBy(partner)) {
      const sentence = `hide_powered_by needs the ${whiteLabelTier} tier.`;
      throw new Refusal(403, 'tier_required', sentence);
    }
    const changes = changesOf(body);
    if (Object.keys(changes).length === 0) return { status: 200, body: answerOf(partner) };
    const act = { action: 'branding.changed', details: body } as const;
    const changed = await changePartner(transaction, partner.id, changes, act, actor, now);
    return { status: 200, body: answerOf(changed!) };
  },
});

type BrandingChanges = z.output<z.ZodObject<typeof brandingFields>>;

export function changesOf({ hide_powered_by, ...texts }: BrandingChanges): PartnerChanges {
  const given = Object.entries(texts).filter(([, value]) => value !== undefined);
  const changes: PartnerChanges = Object.fromEntries(given);
  if (hide_powered_by !== undefined) changes.hide_powered_by = hide_powered_by ? 1 : 0;
  return changes;
}

function answerOf(partner: Partner): BrandingAnswer {
  return {
    branding: presentBranding(partner),
    tier: partner.tier,
    can_white_label: mayHidePoweredBy(partner),
  };
}

export function mayHidePoweredBy({ tier }: Partner): boolean {
  return tierIncludes(tier, whiteLabelTier);
}

/**
 * The brand that widgets show at this moment. `hide_powered_by` only counts while the tier allows
 * it.
 */
export function presentBranding(partner: Partner): Branding {
  return {
    primary_color: partner.primary_color,
    logo_url: httpsOnly(partner.logo_url),
    logo_url_light: httpsOnly(partner.logo_url_light),
    logo_url_dark: httpsOnly(partner.logo_url_dark),
    company_name: partner.company_name,
    hide_powered_by: partner.hide_powered_by === 1 && mayHidePoweredBy(partner),
  };
}

/** A URL, normalized as browsers do it; null unless it is https, as widgets load nothing else. */
function httpsOnly(address: string | null): string | null {
  const url = URL.parse(address ?? '');
  return url?.protocol === 'https:' ? url.href : null;
}
