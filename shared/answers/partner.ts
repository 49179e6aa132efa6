import { z } from 'zod';
import { billingStatuses, scopes, tiers } from '../access.ts';
import { widgetNames } from '../widgets.ts';
import { branding } from './branding.ts';
import { count, day, figure, id, moment, text, yesOrNo } from './fields.ts';
import { keySummary } from './keys.ts';

const tier = z.enum(tiers);

const spentQuota = z
  .object({
    rate_limit_daily: count('Requests for each UTC day.'),
    requests_today: count(
      'That counted against it, whoever shares it: what was rolled into a key does, and what it was rolled into.',
    ),
  })
  .meta({ id: 'SpentQuota' });

export type SpentQuota = z.output<typeof spentQuota>;

/** The requests by the partner's keys and tokens in the last 30 days, today included. */
const usage = z
  .object({
    total_30d: count('In the last 30 days, today included.'),
    errors_30d: count('Of those, answered with 400 or above.'),
    daily: z
      .array(
        z.object({
          day: day('UTC.'),
          requests: count('On this day.'),
          avg_ms: figure('What an answer took, on average, in ms.'),
          errors: count('Answered with 400 or above.'),
        }),
      )
      .describe('Days with requests, the oldest first.'),
    by_endpoint: z
      .array(
        z.object({
          endpoint: text('As this document writes its path.'),
          method: text('GET, POST, …'),
          requests: count('In the last 30 days.'),
        }),
      )
      .describe('The busiest first.'),
  })
  .meta({ id: 'Usage' });

export type Usage = z.output<typeof usage>;

/** `GET /dashboard` */
export const dashboardAnswer = z
  .object({
    partner: z.object({
      id: id('ptr', 'Of the partner.'),
      name: text('Of the firm.'),
      contact_email: text('Where the firm is reached.'),
      tier,
      billing_status: z.enum(billingStatuses),
      created_at: moment('When the partner was made.'),
    }),
    keys: z.array(
      keySummary.extend(spentQuota.shape).meta({ id: 'DashboardKey', title: undefined }),
    ),
    tokens: spentQuota.describe('Of the quota that all embed tokens share.'),
    usage,
    limits: z.object({
      daily_requests: count('Of each key, for each UTC day.'),
      embed_widgets: z.array(z.enum(widgetNames)).describe('That the tier opens.'),
      features: z.array(z.string()).describe('Of the tier.'),
    }),
  })
  .meta({ id: 'DashboardAnswer' });

export type DashboardAnswer = z.output<typeof dashboardAnswer>;

/** `GET` and `PUT /branding` */
export const brandingAnswer = z
  .object({
    branding,
    tier,
    can_white_label: yesOrNo('Whether the tier may hide “Powered by PropTally”.'),
  })
  .meta({ id: 'BrandingAnswer' });

export type BrandingAnswer = z.output<typeof brandingAnswer>;

/** `GET` and `PUT /origins` */
export const originsAnswer = z
  .object({
    allowed_origins: z.array(z.string()).describe('Where widgets may appear; empty: anywhere.'),
  })
  .meta({ id: 'OriginsAnswer' });

export type OriginsAnswer = z.output<typeof originsAnswer>;

/** `POST /embed-tokens` */
export const embedTokenAnswer = z
  .object({
    token: text('The token itself. It is kept nowhere.'),
    expires_at: moment('When it ends.'),
    widgets: z
      .array(z.enum(widgetNames))
      .nullable()
      .describe('What it opens; null: all that the tier has.'),
    account_id: id('acc', 'The account it opens; null: every one.').nullable(),
  })
  .meta({ id: 'EmbedTokenAnswer' });

export type EmbedTokenAnswer = z.output<typeof embedTokenAnswer>;

/** `GET` and `POST /addresses` */
export const addressesAnswer = z
  .object({
    addresses: z
      .array(
        z.object({
          email: text('In lower case.'),
          created_at: moment('Since when it may sign in.'),
        }),
      )
      .describe('Who may sign in.'),
  })
  .meta({ id: 'AddressesAnswer' });

export type AddressesAnswer = z.output<typeof addressesAnswer>;

/** The session of a signed-in client. */
export const openSession = z
  .object({
    authenticated: z.literal(true),
    partner: z.object({ id: id('ptr', 'Of the partner.'), name: text('Of the firm.'), tier }),
    session: z.object({
      id: id('ses', 'Of the session.'),
      email: text('Who signed in; null: a key did.').nullable(),
      key_id: id('key', 'The key that opened it; null: none did.').nullable(),
      scopes: z.array(z.enum(scopes)).describe('What it may do.'),
      expires_at: moment('When it ends at the latest.'),
    }),
  })
  .meta({ id: 'OpenSession' });

export type OpenSession = z.output<typeof openSession>;

/** `GET /auth/session` */
export const sessionAnswer = z
  .union([z.object({ authenticated: z.literal(false) }), openSession])
  .meta({ id: 'SessionAnswer' });

export type SessionAnswer = z.output<typeof sessionAnswer>;

const success = { success: z.literal(true) };

export const successAnswer = z.object(success).meta({ id: 'SuccessAnswer' });

export type SuccessAnswer = z.output<typeof successAnswer>;

/** `POST /auth/magic-link` */
export const magicLinkAnswer = z
  .object({ ...success, message: text('The same for every address.') })
  .meta({ id: 'MagicLinkAnswer' });

export type MagicLinkAnswer = z.output<typeof magicLinkAnswer>;
