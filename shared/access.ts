import { day, hour, minute, second } from './time.ts';

/** The permissions of a key: to read, or to change something. */
const scopeKinds = {
  'embed:read': 'read',
  'stats:read': 'read',
  'stats:aggregate': 'read',
  'accounts:list': 'read',
  'webhooks:manage': 'write',
  'users:read': 'read',
  'users:write': 'write',
  'accounts:write': 'write',
  'trades:write': 'write',
} as const satisfies Record<string, 'read' | 'write'>;

export type Scope = keyof typeof scopeKinds;

export const scopes = Object.keys(scopeKinds) as readonly Scope[];

/** The scopes that another one includes: who may write something may read it. */
const includedScopes: { readonly [Held in Scope]?: readonly Scope[] } = {
  'users:write': ['users:read'],
  'accounts:write': ['accounts:list'],
  'trades:write': ['stats:read'],
};

/** Whether a scope is among the held ones, or included by one of them. */
export function includesScope(held: readonly Scope[], scope: Scope): boolean {
  return held.includes(scope) || held.some((each) => includedScopes[each]?.includes(scope));
}

/** Scopes with all that they include, in the order of the list. */
export function withIncluded(held: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => includesScope(held, scope));
}

/** The scopes of a new key, unless others are asked for. */
export const defaultScopes: readonly Scope[] = [
  'embed:read',
  'stats:read',
  'stats:aggregate',
  'accounts:list',
];

/**
 * Sets of scopes with a name, to be asked for instead of a list. What is granted of one has also
 * what that includes.
 */
export const presets = {
  'read-only': scopes.filter((scope) => scopeKinds[scope] === 'read'),
  write: scopes.filter((scope) => scopeKinds[scope] === 'write'),
  full: scopes,
} as const satisfies Record<string, readonly Scope[]>;

export type Preset = keyof typeof presets;

export const presetNames = Object.keys(presets) as [Preset, ...Preset[]];

/** Whether a key with these scopes may be put into a page: it opens widgets and nothing else. */
export function isPublishable(held: readonly Scope[]): boolean {
  return held.every((scope) => scope === 'embed:read');
}

/** From the smallest to the largest: each tier includes those before it. */
export const tiers = ['starter', 'growth', 'enterprise'] as const;

export type Tier = (typeof tiers)[number];

export interface Allowance {
  /** Requests for each UTC day and each key. */
  readonly dailyRequests: number;
  readonly scopes: readonly Scope[];
  /** The names that `GET /dashboard` lists. */
  readonly features: readonly string[];
}

const starterFeatures = ['basic_stats', 'detailed_stats', 'embed'];
const growthFeatures = [...starterFeatures, 'bulk_query', 'webhooks'];

const starterScopes = scopes.filter((scope) => scope !== 'webhooks:manage');

export const allowances: Readonly<Record<Tier, Allowance>> = {
  starter: { dailyRequests: 1_000, scopes: starterScopes, features: starterFeatures },
  growth: { dailyRequests: 10_000, scopes, features: growthFeatures },
  enterprise: { dailyRequests: 100_000, scopes, features: [...growthFeatures, 'white_label'] },
};

/** Requests for each UTC day and each address that is signed in by mail, whatever the tier. */
export const personsDailyRequests = 10_000;

/**
 * The largest part of the embed tokens' quota that the tokens for the same account, set of accounts
 * or user may use.
 */
export const shareOfNamed = 1 / 10;

/** How many accounts an embed token may name. */
export const mostAccountsOfToken = 100;

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

/** How many origins a list may hold. */
export const mostOrigins = 20;

/** The size of a token bucket, and how many tokens it gains. */
export interface Burst {
  readonly atOnce: number;
  readonly perSecond: number;
}

/**
 * The token buckets of each key, embed token and signed-in address, and of each client address
 * without a valid credential.
 */
export const bursts = {
  key: { atOnce: 2_000, perSecond: 100 },
  address: { atOnce: 100, perSecond: 1 },
} as const satisfies Record<string, Burst>;

/** In seconds. */
export const lifetimes = {
  /** A sign-in link. */
  link: (10 * minute) / second,
  /** A session: if it is not used, and at most. */
  sessionIdle: (12 * hour) / second,
  session: (7 * day) / second,
  /** A link to a trader's page, and the session that it opens. */
  traderLink: (15 * minute) / second,
  traderSession: (12 * hour) / second,
  /** An embed token: by default, and at most. */
  token: hour / second,
  longestToken: day / second,
  /** How long a rolled key still works: by default, and at most. */
  overlap: day / second,
  longestOverlap: (30 * day) / second,
} as const;

/** How long a sign-in link works, in words. */
export const linkLifetime = `${(lifetimes.link * second) / minute} minutes`;

/** How many minutes a link to a trader's page works. */
export const traderLinkMinutes = (lifetimes.traderLink * second) / minute;

export const billingStatuses = ['active', 'trialing', 'past_due', 'canceled'] as const;

export type BillingStatus = (typeof billingStatuses)[number];
