import type { BillingStatus, Tier } from '../../shared/access.ts';
import type { ActorType, AuditAction } from '../../shared/audit.ts';
import type { Day } from '../../shared/day.ts';
import type { Units } from '../../shared/money.ts';
import type { Trade } from '../../shared/trades.ts';

/**
 * The tables. Money in ten-thousandths, times in epoch ms, days since 1970-01-01, booleans 0 and 1.
 * Trades are the truth; the tables of days are sums kept beside them (store/summaries.ts).
 */
export interface Schema {
  partners: PartnersTable;
  keys: KeysTable;
  key_days: KeyDaysTable;
  accounts: AccountsTable;
  attempts: AttemptsTable;
  trades: TradesTable;
  account_days: AccountDaysTable;
  account_symbol_days: AccountDayPart & SymbolPart;
  account_hour_days: AccountDayPart & HourPart;
  partner_days: PartnerDaysTable;
  partner_symbol_days: PartnerDayPart & SymbolPart;
  partner_hour_days: PartnerDayPart & HourPart;
  usage_days: UsageDaysTable;
  sign_in_addresses: SignInAddressesTable;
  sign_in_links: SignInLinksTable;
  sessions: SessionsTable;
  mail: MailTable;
  audit: AuditTable;
  server_facts: ServerFactsTable;
}

export interface PartnersTable {
  id: string;
  name: string;
  email: string;
  tier: Tier;
  is_active: number;
  currency: string;
  billing_status: BillingStatus;
  primary_color: string | null;
  logo_url: string | null;
  /** Instead of logo_url on a light or a dark ground. */
  logo_url_light: string | null;
  logo_url_dark: string | null;
  company_name: string | null;
  hide_powered_by: number;
  /** Where widgets may appear, separated by spaces; null: anywhere. */
  allowed_origins: string | null;
  /** Embed tokens of an earlier one are dead. */
  token_generation: number;
  /** Raised by every write of the partner's data. */
  revision: number;
  created_at: number;
}

export interface KeysTable {
  partner_id: string;
  id: string;
  /** SHA-256 of the key, hex. The key itself is nowhere. */
  digest: string;
  prefix: string;
  label: string;
  /** Separated by spaces. */
  scopes: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  /** Where its widgets may appear, separated by spaces; null: wherever the partner's may. */
  allowed_origins: string | null;
  /** The id of the key it was rolled into. */
  replaced_by: string | null;
  /** The id of the first key of its chain, whose quota it goes on with; null: it is the first itself. */
  root_id: string | null;
  /** Since when it is refused until it is resumed; null: it is not. */
  paused_at: number | null;
  last_used_at: number | null;
}

/** How many requests of a quota's day have been leased to processes. */
export interface KeyDaysTable {
  partner_id: string;
  /** Whose quota: a key's id, an address, or that of all embed tokens (access/caller.ts). */
  key_id: string;
  day: Day;
  leased: number;
}

export interface AccountsTable {
  partner_id: string;
  id: string;
  nickname: string;
  firm: string | null;
  currency: string;
  /** The current attempt: 1, 2, … */
  attempt: number;
  created_at: number;
}

export interface AttemptsTable {
  partner_id: string;
  account_id: string;
  attempt: number;
  starting_balance: Units | null;
  started_at: number;
  /** Closed trades, how many of them won, and what they made. */
  trade_count: number;
  wins: number;
  total_pnl: Units;
}

export interface TradesTable extends Trade {
  partner_id: string;
  account_id: string;
  attempt: number;
}

interface TallyColumns {
  trades: number;
  wins: number;
  losses: number;
  gross_profit: Units;
  gross_loss: Units;
  commission: Units;
  /** A whole number too large for a column of integers. */
  squares: string;
  duration: number;
  best: Units;
  worst: Units;
}

interface SequenceColumns {
  high: Units;
  low: Units;
  fall: Units;
  leading_wins: number;
  leading_losses: number;
  trailing_wins: number;
  trailing_losses: number;
  longest_wins: number;
  longest_losses: number;
  recent: string;
}

export interface AccountDaysTable extends TallyColumns, SequenceColumns {
  partner_id: string;
  account_id: string;
  attempt: number;
  day: Day;
  /** JSON of the day's Way (analytics/way.ts). */
  way: string;
}

/** The current attempts of a partner's accounts in one currency, put together. */
export interface PartnerDaysTable extends TallyColumns, SequenceColumns {
  partner_id: string;
  currency: string;
  day: Day;
  /** 1 while the columns that depend on the order of trades are older than the trades. */
  is_stale: number;
}

/** Sums of those of a day's trades that have something in common (store/breakdowns.ts). */
export interface PartColumns {
  trades: number;
  wins: number;
  gross_profit: Units;
  gross_loss: Units;
}

interface SymbolPart extends PartColumns {
  symbol: string;
}

interface HourPart extends PartColumns {
  /** Of entry, 0 to 167: the hour of the week. */
  hour: number;
}

interface AccountDayPart {
  partner_id: string;
  account_id: string;
  attempt: number;
  day: Day;
}

interface PartnerDayPart {
  partner_id: string;
  currency: string;
  day: Day;
}

/** Requests with the keys of a partner, and what came of them. */
export interface UsageDaysTable {
  partner_id: string;
  day: Day;
  key_id: string;
  /** The route's path, such as `/api/partner/widgets/{widget}`. */
  endpoint: string;
  method: string;
  requests: number;
  /** Of those, counted against the quota. */
  admitted: number;
  /** Of those, answered with 400 or above. */
  errors: number;
  /** What all of them took together. */
  milliseconds: number;
}

/** Who may sign in for a partner. */
export interface SignInAddressesTable {
  partner_id: string;
  /** In lower case. */
  email: string;
  created_at: number;
}

export interface SignInLinksTable {
  partner_id: string;
  /** SHA-256, hex. */
  digest: string;
  email: string;
  /** SHA-256 of what the browser that asked for it holds; null: nobody's. */
  browser: string | null;
  expires_at: number;
  used_at: number | null;
}

/** Opened by a link, with `email`, or with a key, `key_id`. */
export interface SessionsTable {
  partner_id: string;
  id: string;
  /** SHA-256 of what the cookie holds, hex. */
  digest: string;
  email: string | null;
  key_id: string | null;
  created_at: number;
  used_at: number;
  expires_at: number;
  ended_at: number | null;
}

/** Whether a mail is still to be sent; `dropped`: it is not going to be. */
export const mailStates = ['waiting', 'sent', 'dropped'] as const;
export type MailState = (typeof mailStates)[number];

/** Sign-in links to be mailed, asked for by whomever: whether the address is known is seen when one is sent. */
export interface MailTable {
  id: string;
  recipient: string;
  /** Digest of what the browser that asked holds. */
  browser: string;
  asked_at: number;
  /** How often it was asked for within its minute. */
  asks: number;
  /** When it is tried next. */
  due_at: number;
  /** When it was tried last. */
  tried_at: number | null;
  attempts: number;
  state: MailState;
  /** Why the last attempt failed: codes, never what the other side said. */
  problem: string | null;
}

/** Who did what to a partner's keys, brand, origins, tokens and addresses. */
export interface AuditTable {
  partner_id: string;
  /** 1, 2, … */
  number: number;
  at: number;
  actor: ActorType;
  actor_id: string | null;
  actor_name: string | null;
  /** The key that opened the session that acted. */
  actor_key_id: string | null;
  action: AuditAction;
  /** The id of what was changed. */
  subject: string | null;
  /** JSON of what it was changed to. */
  details: string;
}

/** What the server remembers of itself (store/facts.ts). */
export interface ServerFactsTable {
  name: string;
  /** JSON. */
  value: string;
}
