import { z } from 'zod';
import { billingStatuses, scopes, tiers } from '../access.ts';
import { widgetNames } from '../widgets.ts';
import { branding } from './branding.ts';
import { count, currency, day, figure, id, moment, text, yesOrNo } from './fields.ts';
import { keySummary } from './keys.ts';

const tier = z.enum(tiers).describe('The partner’s tier.');

const spentQuota = z
  .object({
    rate_limit_daily: count('The limit of requests for each UTC day.'),
    requests_today: count(
      'The number of requests that have counted against the limit this UTC day. A rolled key and its replacement share one limit.',
    ),
  })
  .meta({ id: 'SpentQuota' });

export type SpentQuota = z.output<typeof spentQuota>;

const usage = z
  .object({
    total_30d: count(
      'The number of requests by keys and embed tokens in the last 30 days, today included.',
    ),
    errors_30d: count('The number of these that got a status of 400 or above.'),
    daily: z
      .array(
        z.object({
          day: day('The day, UTC.'),
          requests: count('The number of requests on the day.'),
          avg_ms: figure('The average time that a response took, in ms.'),
          errors: count('The number of requests on the day that got a status of 400 or above.'),
        }),
      )
      .describe('The days with requests, the oldest first.'),
    by_endpoint: z
      .array(
        z.object({
          endpoint: text('The path, as this document writes it.'),
          method: text('The HTTP method: GET, POST, …'),
          requests: count('The number of requests in the last 30 days.'),
        }),
      )
      .describe('The endpoints with requests, the busiest first.'),
  })
  .meta({
    id: 'Usage',
    description: 'The requests by keys and embed tokens in the last 30 days, today included.',
  });

export type Usage = z.output<typeof usage>;

/** `GET /dashboard` */
export const dashboardAnswer = z
  .object({
    partner: z
      .object({
        id: id('ptr', 'The partner’s id.'),
        name: text('The firm’s name.'),
        contact_email: text('The e-mail address at which the firm is reached.'),
        tier,
        billing_status: z.enum(billingStatuses).describe('The state of the firm’s subscription.'),
        created_at: moment('When the partner was created.'),
      })
      .describe('The partner that the caller belongs to.'),
    keys: z
      .array(keySummary.extend(spentQuota.shape).meta({ id: 'DashboardKey', title: undefined }))
      .describe('The partner’s keys, in the order of `KeysAnswer`, with their quotas.'),
    tokens: spentQuota.describe('The quota that all embed tokens share.'),
    usage,
    limits: z
      .object({
        daily_requests: count('The limit of requests for each key and each UTC day.'),
        embed_widgets: z.array(z.enum(widgetNames)).describe('The widgets that the tier includes.'),
        features: z.array(z.string()).describe('The names of the tier’s features.'),
      })
      .describe('What the tier allows.'),
  })
  .meta({ id: 'DashboardAnswer' });

export type DashboardAnswer = z.output<typeof dashboardAnswer>;

/** `GET` and `PUT /branding` */
export const brandingAnswer = z
  .object({
    branding,
    tier,
    can_white_label: yesOrNo('Whether the partner’s tier may hide “Powered by PropTally”.'),
  })
  .meta({ id: 'BrandingAnswer' });

export type BrandingAnswer = z.output<typeof brandingAnswer>;

/** `GET` and `PUT /origins` */
export const originsAnswer = z
  .object({
    allowed_origins: z
      .array(z.string())
      .describe('The origins of the pages that may show the partner’s widgets; empty: any.'),
  })
  .meta({ id: 'OriginsAnswer' });

export type OriginsAnswer = z.output<typeof originsAnswer>;

/** `POST /embed-tokens` */
export const embedTokenAnswer = z
  .object({
    token: text('The token itself. It is not stored.'),
    expires_at: moment('When the token expires.'),
    widgets: z
      .array(z.enum(widgetNames))
      .nullable()
      .describe(
        'The widgets that the token opens; null: all that the tier includes, but no leaderboard if the token names accounts or a user.',
      ),
    account_id: id(
      'acc',
      'The id of the only account that the token opens; null: there is no single one.',
    ).nullable(),
    account_ids: z
      .array(id('acc', 'The id of an account.'))
      .nullable()
      .describe('The ids of the accounts that the token names, in order; null: it names none.'),
    user_id: id(
      'usr',
      'The id of the user whose accounts the token opens; null: it names none. A token that names neither opens all accounts.',
    ).nullable(),
  })
  .meta({ id: 'EmbedTokenAnswer' });

export type EmbedTokenAnswer = z.output<typeof embedTokenAnswer>;

const tradingDay = {
  day_zone: text('The time zone of the trading day.'),
  day_start: z
    .string()
    .regex(/^\d{2}:\d{2}$/)
    .describe('When a trading day begins on the zone’s clock, as HH:MM.'),
};

/** `GET` and `PATCH /settings` */
export const settingsAnswer = z
  .object({
    ...tradingDay,
    currency: currency('The currency of aggregates.'),
    changing: z
      .object(tradingDay)
      .nullable()
      .describe(
        'The trading day that is going to be in force, while all is summed anew for it; null: none is.',
      ),
  })
  .meta({ id: 'SettingsAnswer' });

export type SettingsAnswer = z.output<typeof settingsAnswer>;

/** `GET` and `POST /addresses` */
export const addressesAnswer = z
  .object({
    addresses: z
      .array(
        z.object({
          email: text('The e-mail address, in lower case.'),
          created_at: moment('When the address was added.'),
        }),
      )
      .describe('The addresses that may sign in for the partner.'),
  })
  .meta({ id: 'AddressesAnswer' });

export type AddressesAnswer = z.output<typeof addressesAnswer>;

/** The session of a signed-in client. */
export const openSession = z
  .object({
    authenticated: z.literal(true).describe('Somebody is signed in.'),
    partner: z
      .object({ id: id('ptr', 'The partner’s id.'), name: text('The firm’s name.'), tier })
      .describe('The partner that the session belongs to.'),
    session: z
      .object({
        id: id('ses', 'The session’s id.'),
        email: text(
          'The e-mail address that signed in; null: a key opened the session.',
        ).nullable(),
        key_id: id(
          'key',
          'The id of the key that opened the session; null: an address signed in.',
        ).nullable(),
        scopes: z.array(z.enum(scopes)).describe('The session’s scopes: what it may do.'),
        expires_at: moment(
          'When the session expires at the latest; it expires earlier if it is not used.',
        ),
      })
      .describe('The session.'),
  })
  .meta({ id: 'OpenSession' });

export type OpenSession = z.output<typeof openSession>;

/** `GET /auth/session` */
export const sessionAnswer = z
  .union([
    z.object({ authenticated: z.literal(false).describe('Nobody is signed in.') }),
    openSession,
  ])
  .meta({ id: 'SessionAnswer' });

export type SessionAnswer = z.output<typeof sessionAnswer>;

const success = { success: z.literal(true).describe('Always true; a failure is an error.') };

export const successAnswer = z.object(success).meta({ id: 'SuccessAnswer' });

/** `POST /auth/magic-link` */
export const magicLinkAnswer = z
  .object({ ...success, message: text('A sentence for people; the same for every address.') })
  .meta({ id: 'MagicLinkAnswer' });
