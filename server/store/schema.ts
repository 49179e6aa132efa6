import type { Generated } from 'kysely';
import type { BillingStatus, Tier } from '../../shared/access.ts';
import type { AccountStatus } from '../../shared/accounts.ts';
import type { ActorType, AuditAction } from '../../shared/audit.ts';
import type { Day } from '../../shared/day.ts';
import type { EventType } from '../../shared/events.ts';
import type { ImportState, UndoReason } from '../../shared/imports.ts';
import type { Units } from '../../shared/money.ts';
import type { Trade } from '../../shared/trades.ts';
import type { AttemptProblem, DeliveryState } from '../../shared/webhooks.ts';

/**
 * The tables. Money is in ten-thousandths of its currency, times are in epoch ms, days are counted
 * from 1970-01-01, booleans are 0 and 1. The tables of days and pieces hold sums that are computed
 * from the trades (store/sums.ts); those of days have a version, since a partner's days may change.
 */
export interface Schema {
  partners: PartnersTable;
  keys: KeysTable;
  access_changes: AccessChangesTable;
  key_days: KeyDaysTable;
  accounts: AccountsTable;
  account_counts: AccountCountsTable;
  users: UsersTable;
  attempts: AttemptsTable;
  trades: TradesTable & TradeOrigin;
  imports: ImportsTable;
  corrected_trades: CorrectedTradesTable;
  deleted_trades: DeletedTradesTable;
  trade_counts: TradeCountsTable;
  account_days: AccountDaysTable;
  account_pieces: AccountPiecesTable;
  account_symbol_days: AccountDayPart & SymbolPart;
  account_hour_days: AccountDayPart & HourPart;
  account_months: AccountMonthsTable;
  partner_days: PartnerDaysTable;
  partner_symbol_days: PartnerDayPart & SymbolPart;
  partner_hour_days: PartnerDayPart & HourPart;
  partner_pieces: PartnerPiecesTable;
  partner_extents: PartnerExtentsTable;
  remakings: RemakingsTable;
  old_sums: OldSumsTable;
  usage_days: UsageDaysTable;
  sign_in_addresses: SignInAddressesTable;
  sign_in_links: SignInLinksTable;
  sessions: SessionsTable;
  trader_sessions: TraderSessionsTable;
  mail: MailTable;
  audit: AuditTable;
  server_facts: ServerFactsTable;
  outboxes: OutboxesTable;
  events: EventsTable;
  milestones: MilestonesTable;
  stored_answers: StoredAnswersTable;
  erasures: ErasuresTable;
  observed_quarters: ObservedSlotsTable;
  observed_minutes: ObservedSlotsTable;
  latest_observations: LatestObservationsTable;
  webhooks: WebhooksTable;
  owed_events: OwedEventsTable;
  deliveries: DeliveriesTable;
  delivery_attempts: DeliveryAttemptsTable;
  long_answers: LongAnswersTable;
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
  /** The logos on the light and on the dark theme; null: `logo_url`. */
  logo_url_light: string | null;
  logo_url_dark: string | null;
  company_name: string | null;
  hide_powered_by: number;
  /** The origins on which widgets may appear, separated by spaces; null: any. */
  allowed_origins: string | null;
  /** Embed tokens made in an earlier generation are revoked. */
  token_generation: number;
  /** Raised by every write of the partner's data. */
  revision: number;
  /** The revision when its brand, its currency or its days last changed. */
  settings_revision: number;
  /** Raised by observations of its accounts, which raise no other revision. */
  observation_revision: number;
  /** The zone, and the minutes after midnight, at which its days begin. */
  day_zone: string;
  day_start: number;
  /** The version of its sums that is in force, and the last one that was begun. */
  sums_version: number;
  last_sums_version: number;
  created_at: number;
}

export interface KeysTable {
  partner_id: string;
  id: string;
  /** SHA-256 of the key, hex. The key itself is not stored. */
  digest: string;
  prefix: string;
  label: string;
  /** Separated by spaces. */
  scopes: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  /** The origins on which its widgets may appear, separated by spaces; null: the partner's. */
  allowed_origins: string | null;
  /** The id of the key that replaced it when it was rolled; null: it was not rolled. */
  replaced_by: string | null;
  /** The id of the first key in its chain, whose quota it uses; null: it is the first. */
  root_id: string | null;
  /** Since when it is paused, which means refused until it is resumed; null: it is not paused. */
  paused_at: number | null;
  last_used_at: number | null;
}

/** One row, which triggers keep: no code writes it. */
export interface AccessChangesTable {
  /**
   * Raised by every change of a key or partner that access depends on, of a webhook that what is sent
   * depends on, and by everything that is to be erased.
   */
  count: number;
}

/** How many requests of a daily quota have been leased to processes (access/quota.ts). */
export interface KeyDaysTable {
  partner_id: string;
  /**
   * What the quota belongs to: the id of a key, the email address of a person, or `tokens` for all
   * of the partner's embed tokens (access/caller.ts).
   */
  key_id: string;
  day: Day;
  leased: number;
}

export interface AccountsTable {
  partner_id: string;
  id: string;
  nickname: string;
  /** By which the partner knows the firm; the API's `firm_id`. */
  firm: string | null;
  /** The firm's name, for people; the API's `firm`. */
  firm_name: string | null;
  /** The user that it belongs to. */
  user_id: string | null;
  /** The partner's own id of it. */
  external_id: string | null;
  currency: string;
  status: AccountStatus;
  /** Since when it is closed, epoch ms; null: it is not. */
  closed_at: number | null;
  /** The current attempt: 1, 2, … */
  attempt: number;
  /** The partner's revision when the account or its trades last changed. */
  revision: number;
  created_at: number;
}

/** Triggers keep it: no code writes it. */
export interface AccountCountsTable {
  partner_id: string;
  currency: string;
  /** How many accounts the partner has in the currency. */
  accounts: number;
}

/** A trader, to whom accounts may belong. */
export interface UsersTable {
  partner_id: string;
  id: string;
  /** The partner's own id of the user. */
  external_id: string | null;
  name: string | null;
  email: string | null;
  created_at: number;
}

export interface AttemptsTable {
  partner_id: string;
  account_id: string;
  attempt: number;
  starting_balance: Units | null;
  /** How far the account may fall below its peak. */
  max_drawdown: Units | null;
  /** Trades that were opened from here on belong to it; to the first one also all earlier ones. */
  started_at: number;
  /** The number of closed trades, how many of them won, and their total P&L. */
  trade_count: number;
  wins: number;
  total_pnl: Units;
  /** The sum of all amounts without their signs, and of all times from entry to exit, in ms. */
  money: Units;
  duration: number;
}

export interface TradesTable extends Trade {
  partner_id: string;
  account_id: string;
  attempt: number;
}

/**
 * Where a trade came from, by which an import is taken back (records/undoing.ts). Both texts are
 * numbers of imports, 0 for the API, separated by spaces, with `*` when there were more (store/origins.ts).
 */
export interface TradeOrigin {
  /** The number of the import that added it; null: the API did. */
  added_by: Generated<number | null>;
  /** What else had the same trade; null: nothing. */
  confirmed_by: Generated<string | null>;
  /** Whether it was changed by API since it was added. */
  is_edited: Generated<number>;
  /** The number of the import that closed it when it was open; null: it came closed, or by API. */
  closed_by: Generated<number | null>;
  /** Its commission before that; of one that came closed, in a file that has it open. */
  open_commission: Generated<number | null>;
  /** What else had it closed, too; null: nothing. */
  closing_confirmed_by: Generated<string | null>;
  /** Whether it was changed by API since it was closed. */
  is_closing_edited: Generated<number>;
}

/** An import of a file that kept something, or that is going on. */
export interface ImportsTable {
  partner_id: string;
  id: string;
  /** By which trades name it. */
  number: number;
  /** Null: the account that it is to make is not made yet. */
  account_id: string | null;
  file_name: string | null;
  /** Of the file, hex. */
  sha256: string;
  /** JSON of what it was told to do (ingest/report.ts). */
  options: string;
  actor: ActorType;
  actor_id: string | null;
  actor_name: string | null;
  actor_key_id: string | null;
  state: ImportState;
  /** Random; who goes on with it while it is running. Null: nobody does. */
  owner: string | null;
  /** Raised by its owner every second or two: else that has ended (records/interrupted-imports.ts). */
  beats: number;
  /** The number of valid rows, and how many of them have been passed. */
  trades: number;
  passed: number;
  /** How many trades it has added and closed so far. */
  added: number;
  closed: number;
  /** JSON of its report (ingest/report.ts) without the refused rows, and of those, as far as it has come. */
  report: string;
  refusals: string;
  /** Why it is being taken back, or was; null: it is not. */
  reason: UndoReason | null;
  /** Whether trades that were changed since are taken back, too. */
  is_forced: number;
  /** Whether each trade has an event: those that it adds, and those that are taken back. */
  tells_each: number;
  /**
   * How many trades have been removed and opened again so far, and how many have stayed because
   * another import or the API had them, too.
   */
  removed: number;
  reopened: number;
  confirmed: number;
  created_at: number;
  finished_at: number | null;
  undone_at: number | null;
}

/**
 * The fingerprints of the row that a trade came from, as it was before the trade was first corrected
 * (store/corrections.ts): an import of that row finds the trade there already.
 */
export interface CorrectedTradesTable {
  partner_id: string;
  account_id: string;
  id: string;
  at_entry: string;
  /** Null: the trade was open. */
  at_exit: string | null;
}

/** The ids of deleted trades, which do not come back with the file that they came from. */
export interface DeletedTradesTable {
  partner_id: string;
  account_id: string;
  id: string;
  deleted_at: number;
  /** The number of the import that brought it back, which may be taken back; null: it is deleted. */
  restored_by: number | null;
}

/** How many closed trades of an attempt were entered on a UTC day, and how many were exited. */
export interface TradeCountsTable {
  partner_id: string;
  account_id: string;
  attempt: number;
  day: Day;
  entered: number;
  exited: number;
}

interface TallyColumns {
  trades: number;
  wins: number;
  losses: number;
  gross_profit: Units;
  gross_loss: Units;
  commission: Units;
  /** The sum of squared P&Ls, in decimal digits: it may be too large for an integer column. */
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
  version: number;
  account_id: string;
  attempt: number;
  day: Day;
  /** The day's Way (analytics/way.ts); null: its pieces have it. */
  way: Buffer | null;
}

/** A piece of a day on which an attempt has many trades, by the place of its first (account-pieces.ts). */
export interface AccountPiecesTable extends TallyColumns, SequenceColumns {
  partner_id: string;
  version: number;
  account_id: string;
  attempt: number;
  day: Day;
  exit_time: number;
  entry_time: number;
  id: string;
  /** JSON of its parts by each breakdown (breakdowns.ts). */
  parts: string;
  way: Buffer;
}

/** The sums of an attempt's days of one month, by which accounts are ranked (rankings.ts). */
export interface AccountMonthsTable {
  partner_id: string;
  version: number;
  /** Counted from January 1970. */
  month: number;
  account_id: string;
  attempt: number;
  trades: number;
  wins: number;
  pnl: Units;
}

/** A day of all attempts of a partner's accounts in one currency together. */
export interface PartnerDaysTable extends TallyColumns, SequenceColumns {
  partner_id: string;
  version: number;
  day: Day;
  currency: string;
}

/** A piece of a partner's trades, by the place of its first trade (pieces.ts). */
export interface PartnerPiecesTable extends TallyColumns, SequenceColumns {
  partner_id: string;
  /** 1: made of trades; 2: made of pieces. */
  level: number;
  exit_time: number;
  entry_time: number;
  account_id: string;
  id: string;
  currency: string;
}

/** Like those of an attempt, over all of a partner's accounts in a currency. */
export interface PartnerExtentsTable {
  partner_id: string;
  currency: string;
  money: Units;
  duration: number;
}

/** A version of a partner's sums that is being made (remaking.ts). */
export interface RemakingsTable {
  partner_id: string;
  version: number;
  day_zone: string;
  day_start: number;
  /** The partner's days that begin before this moment are made. */
  partner_done: number;
  /** The days of attempts before this one are made, and of this one all before `account_done`. */
  account_id: string;
  attempt: number;
  account_done: number;
  /** Where a long day goes on, the rest of the place of a trade that was closed at `account_done`. */
  account_done_entry: number;
  account_done_id: string;
}

/** A version of a partner's sums that is no longer needed. */
export interface OldSumsTable {
  partner_id: string;
  version: number;
}

/** Sums of a day's trades with the same symbol or hour of entry (store/breakdowns.ts). */
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
  /** The hour of the week of the entry, 0 to 167. */
  hour: number;
}

interface AccountDayPart {
  partner_id: string;
  version: number;
  account_id: string;
  attempt: number;
  day: Day;
}

interface PartnerDayPart {
  partner_id: string;
  version: number;
  currency: string;
  day: Day;
}

/** Counts of the requests made with a partner's keys and embed tokens. */
export interface UsageDaysTable {
  partner_id: string;
  day: Day;
  key_id: string;
  /** The route's path, such as `/api/partner/widgets/{widget}`. */
  endpoint: string;
  method: string;
  requests: number;
  /** How many of them counted against the quota. */
  admitted: number;
  /** How many of them were answered with a status of 400 or above. */
  errors: number;
  /** The time that all of them took together. */
  milliseconds: number;
}

/** The email addresses that may sign in for a partner. */
export interface SignInAddressesTable {
  partner_id: string;
  /** In lower case. */
  email: string;
  created_at: number;
}

export interface SignInLinksTable {
  partner_id: string;
  /** SHA-256 of the link's secret, hex. */
  digest: string;
  email: string;
  /** SHA-256 of the cookie of the browser that requested it, hex; null: the operator made it. */
  browser: string | null;
  expires_at: number;
  used_at: number | null;
}

/** A session that was opened by a sign-in link has an `email`, one opened with a key a `key_id`. */
export interface SessionsTable {
  partner_id: string;
  id: string;
  /** SHA-256 of the secret in the session cookie, hex. */
  digest: string;
  email: string | null;
  key_id: string | null;
  created_at: number;
  used_at: number;
  expires_at: number;
  ended_at: number | null;
}

/**
 * A link to the page of a user (a trader), which becomes a session when it is opened. It is deleted
 * when it ends before it expires.
 */
export interface TraderSessionsTable {
  partner_id: string;
  /** SHA-256 of the link's secret, hex. */
  link: string;
  /** SHA-256 of the secret in the cookie, hex; null: the link was not opened yet. */
  cookie: string | null;
  user_id: string;
  /** What made the link: a key, or a session and the key that opened that; null: no such. */
  key_id: string | null;
  session_id: string | null;
  /** When the link expires; from its opening on, when the session does. */
  expires_at: number;
}

/** The states of a mail in the queue; `dropped`: it will not be sent. */
export const mailStates = ['waiting', 'sent', 'dropped'] as const;
export type MailState = (typeof mailStates)[number];

/**
 * The queue of links to be mailed. Anyone can request a sign-in link; whether the address is known is
 * checked only when the mail is sent. A mail to a user has a link to the user's page instead.
 */
export interface MailTable {
  id: string;
  recipient: string;
  /** SHA-256 of the cookie of the browser that requested it, hex; empty for a mail to a user. */
  browser: string;
  /** The user that it is to; null: it is to who signs in. */
  partner_id: string | null;
  user_id: string | null;
  /** The secret of the link to the user's page, encrypted; null: there is none, or no longer. */
  link: Buffer | null;
  asked_at: number;
  /** How many requests for a link, made within one minute, this mail answers. */
  asks: number;
  /** When sending is tried next. */
  due_at: number;
  /** When sending was tried last; null: not yet. */
  tried_at: number | null;
  attempts: number;
  state: MailState;
  /** Why the last attempt failed: codes only, as the mail server's own words may quote the link. */
  problem: string | null;
  /** JSON of what it tells a firm (mail/message.ts); null: it has a link instead. */
  notice: Generated<string | null>;
}

/** The audit trail: who changed which keys, tokens, addresses, sessions or settings of a partner. */
export interface AuditTable {
  partner_id: string;
  /** 1, 2, … */
  number: number;
  at: number;
  actor: ActorType;
  actor_id: string | null;
  actor_name: string | null;
  /** The id of the key that opened the acting session; null: no key did. */
  actor_key_id: string | null;
  action: AuditAction;
  /** The id, or the address, of what was changed. */
  subject: string | null;
  /** JSON of what it was changed to. */
  details: string;
}

/** What the server stores about itself (store/facts.ts). */
export interface ServerFactsTable {
  name: string;
  /** JSON. */
  value: string;
}

/** The state of a partner's events; without a row it has none yet. */
export interface OutboxesTable {
  partner_id: string;
  /** The number of its last event. */
  last_number: number;
  /** The number and the id of the last event that was removed because of its age; 0 and '': none was. */
  pruned_number: number;
  pruned_id: string;
  /** The last trading day for which a summary was made, or was not due. */
  summarized_day: Day | null;
}

/** What happened, to be told to the partner. */
export interface EventsTable {
  partner_id: string;
  /** 1, 2, … in the order in which they were committed. */
  number: number;
  /** Random. */
  id: string;
  type: EventType;
  at: number;
  /** The only account that it is about; null: there is no single one. */
  account_id: string | null;
  /** JSON; null: what it told was erased. */
  data: string | null;
}

/** The milestones that an attempt has passed, with an event or without. */
export interface MilestonesTable {
  partner_id: string;
  account_id: string;
  attempt: number;
  name: string;
  reached_at: number;
}

/** The answers of requests with an Idempotency-Key (access/idempotency.ts). */
export interface StoredAnswersTable {
  partner_id: string;
  /** A digest of the credential, the method, the path and the key. */
  id: string;
  /** A digest of the query and the body. */
  request: string;
  status: number;
  /** The rest of the answer, encrypted; null: what it told was erased. */
  content: Buffer | null;
  /** The ids of the accounts and users that it tells of, separated by spaces. */
  subjects: string;
  created_at: number;
}

/** The accounts that are being erased, in steps (records/erasing.ts). */
export interface ErasuresTable {
  partner_id: string;
  account_id: string;
}

/** What an account was observed to be worth in a quarter of an hour, or a minute, of UTC. */
export interface ObservedSlotsTable {
  partner_id: string;
  account_id: string;
  /** When the quarter or minute begins. */
  start: number;
  /** The times of the first and the last observation in it. */
  first_at: number;
  last_at: number;
  equity_first: Units;
  equity_last: Units;
  equity_high: Units;
  equity_low: Units;
  balance_first: Units;
  balance_last: Units;
  balance_high: Units;
  balance_low: Units;
}

export interface LatestObservationsTable {
  partner_id: string;
  account_id: string;
  observed_at: number;
  balance: Units;
  equity: Units;
  /** Null: it was not told. */
  open_pnl: Units | null;
  /** The partner's observation revision when something was last observed of the account. */
  revision: number;
}

/** Where a partner's events are sent to. */
export interface WebhooksTable {
  partner_id: string;
  id: string;
  url: string;
  description: string | null;
  /** The types of events that are sent, separated by spaces. */
  events: string;
  is_active: number;
  /** The secret that signs, encrypted. */
  secret: Buffer;
  /** The secret before it, encrypted, which signs as well until then; null: there is none. */
  old_secret: Buffer | null;
  old_secret_until: number | null;
  /**
   * The numbers of the first and the last event that it is still owed, of those of its types; none,
   * if the last one is before the first.
   */
  next_event: number;
  last_event: number;
  /** How many tests were sent to it. */
  last_test: number;
  /** How many long answers it has given. */
  long_answers: number;
  last_triggered_at: number | null;
  /** How many attempts have failed since the last success, and since when. */
  failure_count: number;
  failing_since: number | null;
  /** While it fails, no delivery is tried for the first time before then. */
  rests_until: number | null;
  /** Its server asked to be left in peace until then; null: it did not. */
  not_before: number | null;
  /** What is due until then is due already: it was paused meanwhile. Null: it was not, or it failed since. */
  hurries_until: number | null;
  /** When there may be something to send to it; null: there is nothing. */
  due_at: number | null;
  /** The process that sends to it, and until when no other one does. */
  leased_by: string | null;
  leased_until: number | null;
  created_at: number;
  /** Its deliveries are removed in steps, then the row (store/retention.ts). */
  deleted_at: number | null;
}

/**
 * Events that a webhook is owed besides: from before it was paused, or before it was to be sent other
 * types.
 */
export interface OwedEventsTable {
  partner_id: string;
  webhook_id: string;
  next_event: number;
  last_event: number;
  /** The types that it is owed, separated by spaces. */
  events: string;
}

/** An event that was sent to a webhook, or was tried to be, with the last attempt. */
export interface DeliveriesTable extends DeliveryAttempt {
  partner_id: string;
  webhook_id: string;
  /** The number of the event; below zero: a test, -1, -2, … */
  number: number;
  event_id: string;
  event: EventType | 'test';
  state: DeliveryState;
  /** How often it was tried since it was last asked for. */
  tries: number;
  /** When it is tried next; null: it is not. */
  due_at: number | null;
  /**
   * SHA-256 of a payload that erasing may change, hex: it is sent again only as it was. Null: it does
   * not change.
   */
  digest: string | null;
  /** When the event happened. */
  created_at: number;
}

interface DeliveryAttempt {
  /** 1, 2, … */
  attempt: number;
  at: number;
  /** In ms. */
  duration: number;
  /** The HTTP status; null: there was no answer. */
  status: number | null;
  /** Why it failed, if not by its status. */
  problem: AttemptProblem | null;
  /** The beginning of the answer; null: it is long, or was erased. */
  answer: string | null;
}

/** The attempts of deliveries before the last ones. */
export interface DeliveryAttemptsTable extends DeliveryAttempt {
  partner_id: string;
  webhook_id: string;
  /** The delivery's. */
  number: number;
}

/**
 * The beginnings of the last long answers of a webhook. A slot is the number of a long answer, of all
 * of the webhook, modulo how many are kept: so they take no more room than those.
 */
export interface LongAnswersTable {
  partner_id: string;
  webhook_id: string;
  slot: number;
  number: number;
  attempt: number;
  answer: string;
}
