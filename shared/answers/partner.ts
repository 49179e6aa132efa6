import type { BillingStatus, Scope, Tier } from '../access.ts';
import type { WidgetName } from '../widgets.ts';
import type { KeySummary } from './keys.ts';
import type { Branding } from './widgets.ts';

/** `GET /dashboard` */
export interface DashboardAnswer {
  partner: {
    id: string;
    name: string;
    contact_email: string;
    tier: Tier;
    billing_status: BillingStatus;
    created_at: number;
  };
  keys: DashboardKey[];
  /** Of the quota that all embed tokens share. */
  tokens: SpentQuota;
  usage: Usage;
  limits: { daily_requests: number; embed_widgets: WidgetName[]; features: string[] };
}

export interface SpentQuota {
  rate_limit_daily: number;
  /** That counted against it, whoever shares it: what was rolled into a key does, and what it was rolled into. */
  requests_today: number;
}

export interface DashboardKey extends KeySummary, SpentQuota {}

/** Requests with the partner's keys and tokens in the last 30 days, today included. */
export interface Usage {
  total_30d: number;
  /** Of those, answered with 400 or above. */
  errors_30d: number;
  /** Days with requests, the oldest first. */
  daily: { day: string; requests: number; avg_ms: number; errors: number }[];
  /** The busiest first. */
  by_endpoint: { endpoint: string; method: string; requests: number }[];
}

/** `GET` and `PUT /branding` */
export interface BrandingAnswer {
  branding: Branding;
  tier: Tier;
  /** Whether the tier may hide "Powered by PropTally". */
  can_white_label: boolean;
}

/** `GET` and `PUT /origins`: where widgets may appear; empty: anywhere. */
export interface OriginsAnswer {
  allowed_origins: string[];
}

/** `POST /embed-tokens` */
export interface EmbedTokenAnswer {
  token: string;
  /** Epoch ms. */
  expires_at: number;
  /** What it opens; null: all that the tier has. */
  widgets: WidgetName[] | null;
  /** Null: every account. */
  account_id: string | null;
}

/** `GET /addresses`: who may sign in. */
export interface AddressesAnswer {
  addresses: { email: string; created_at: number }[];
}

/** `GET` and `POST /auth/session` */
export type SessionAnswer =
  | { authenticated: false }
  | {
      authenticated: true;
      partner: { id: string; name: string; tier: Tier };
      session: {
        id: string;
        /** Who signed in; null: a key did. */
        email: string | null;
        key_id: string | null;
        scopes: Scope[];
        /** When it ends at the latest, epoch ms. */
        expires_at: number;
      };
    };

export interface SuccessAnswer {
  success: true;
}

/** `POST /auth/magic-link`: the same for every address. */
export interface MagicLinkAnswer extends SuccessAnswer {
  message: string;
}
