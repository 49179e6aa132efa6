import { day, hour, minute, second } from './time.ts';

/** What a key may be allowed to do. */
export const scopes = [
  'embed:read',
  'stats:read',
  'stats:aggregate',
  'accounts:list',
  'webhooks:manage',
] as const;

export type Scope = (typeof scopes)[number];

/** What a new key gets when nobody says otherwise. */
export const defaultScopes: readonly Scope[] = [
  'embed:read',
  'stats:read',
  'stats:aggregate',
  'accounts:list',
];

/** Names for the scopes that go together, to be asked for instead of a list. */
export const presets = {
  'read-only': scopes.filter((scope) => reads(scope)),
  'write-only': scopes.filter((scope) => !reads(scope)),
  full: scopes,
} as const satisfies Record<string, readonly Scope[]>;

export type Preset = keyof typeof presets;

export const presetNames = Object.keys(presets) as [Preset, ...Preset[]];

function reads(scope: Scope): boolean {
  return /:(read|aggregate|list)$/.test(scope);
}

/** Whether a key with these scopes may stand in a page: it opens widgets and nothing else. */
export function isPublishable(held: readonly Scope[]): boolean {
  return held.every((scope) => scope === 'embed:read');
}

/** From the smallest to the largest: a tier has everything the ones before it have. */
export const tiers = ['starter', 'growth', 'enterprise'] as const;

export type Tier = (typeof tiers)[number];

export interface Allowance {
  /** Requests for each key and UTC day. */
  readonly dailyRequests: number;
  readonly scopes: readonly Scope[];
  /** As `GET /dashboard` tells them. */
  readonly features: readonly string[];
}

const starterFeatures = ['basic_stats', 'detailed_stats', 'embed'];
const growthFeatures = [...starterFeatures, 'bulk_query', 'webhooks'];

export const allowances: Readonly<Record<Tier, Allowance>> = {
  starter: { dailyRequests: 1_000, scopes: defaultScopes, features: starterFeatures },
  growth: { dailyRequests: 10_000, scopes, features: growthFeatures },
  enterprise: { dailyRequests: 100_000, scopes, features: [...growthFeatures, 'white_label'] },
};

/** Of somebody signed in by mail: requests for each address and UTC day, whatever the tier. */
export const personsDailyRequests = 10_000;

/** The share of the tokens' quota that a token spends at most that stands with one visitor. */
export const shareOfAccount = 1 / 10;

/** Whether `tier` includes what `needed` includes. */
export function tierIncludes(tier: Tier, needed: Tier): boolean {
  return tiers.indexOf(tier) >= tiers.indexOf(needed);
}

/** The smallest tier that may hide "Powered by PropTally". */
export const whiteLabelTier: Tier = 'enterprise';

/** How many keys of a partner may be active at once. */
export const mostActiveKeys = 10;

/** How many addresses of a partner may sign in. */
export const mostSignInAddresses = 20;

/** How many origins a list of them may hold. */
export const mostOrigins = 20;

/** A token bucket: so many at once, and so many a second from then on. */
export interface Burst {
  readonly atOnce: number;
  readonly perSecond: number;
}

/** Of each key and embed token, and of each address from which requests come without a valid one. */
export const bursts = {
  key: { atOnce: 2_000, perSecond: 100 },
  address: { atOnce: 100, perSecond: 1 },
} as const satisfies Record<string, Burst>;

/** In seconds. */
export const lifetimes = {
  /** Of a sign-in link. */
  link: (10 * minute) / second,
  /** Of a session that nobody uses, and of any. */
  sessionIdle: (12 * hour) / second,
  session: (7 * day) / second,
  /** Of an embed token, when nobody says otherwise and at most. */
  token: hour / second,
  longestToken: day / second,
  /** How long a key that is rolled over goes on working, the same. */
  overlap: day / second,
  longestOverlap: (30 * day) / second,
} as const;

export const billingStatuses = ['active', 'trialing', 'past_due', 'canceled'] as const;

export type BillingStatus = (typeof billingStatuses)[number];
