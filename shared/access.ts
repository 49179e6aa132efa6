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

/** From the smallest to the largest: a tier has everything the ones before it have. */
export const tiers = ['starter', 'growth', 'enterprise'] as const;

export type Tier = (typeof tiers)[number];

export interface Allowance {
  /** Requests for each key and UTC day. */
  readonly dailyRequests: number;
  readonly scopes: readonly Scope[];
}

export const allowances: Readonly<Record<Tier, Allowance>> = {
  starter: { dailyRequests: 1_000, scopes: defaultScopes },
  growth: { dailyRequests: 10_000, scopes },
  enterprise: { dailyRequests: 100_000, scopes },
};

/** Whether `tier` includes what `needed` includes. */
export function tierIncludes(tier: Tier, needed: Tier): boolean {
  return tiers.indexOf(tier) >= tiers.indexOf(needed);
}
