/** Made from the API’s document by `npm run clients`: don’t edit it. */

export type SendTradesParameters =
  | {
      /** Whether to keep the good trades of a batch even if others are refused, also for not matching their schema. */
      partial?: boolean;
      /** Whether trades that are there are changed where the sent fields differ. */
      upsert?: boolean;
      /** Whether deleted trades come back. */
      restore?: boolean;
      /** The trades of a batch. */
      trades?: {
        /** The id of the account, or `ext:` and its external id. */
        account_id: string;
        /** The trade’s `id` from now on, such as the broker’s ticket. Without it an id is made. */
        external_id?: string;
        /** The symbol; for a future its root, such as MES. */
        symbol?: string;
        /** The contract of a future, such as MESH5; null: none was given. */
        contract?: string | null;
        /** `long`: bought first, then sold; `short`: the reverse. */
        direction?: 'long' | 'short';
        /** The number of contracts, lots or shares; above zero in both directions. */
        quantity?: number;
        /** The average price at which the trade was opened. */
        entry_price?: number;
        /** The average price at which the trade was closed; null while it is open. */
        exit_price?: number | null;
        /** When the trade was opened. In epoch milliseconds. */
        entry_time?: number;
        /** When the trade was closed; null while it is open. In epoch milliseconds. */
        exit_time?: number | null;
        /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
        pnl?: number | null;
        /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
        commission?: number;
        /** The trader’s name for the pattern that was traded; null: none was given. */
        setup_type?: string | null;
        /** What was noted about the trade; null: nothing was. */
        notes?: string | null;
      }[];
      /** The id of the account, or `ext:` and its external id. */
      account_id: string;
      /** The trade’s `id` from now on, such as the broker’s ticket. Without it an id is made. */
      external_id?: string;
      /** The symbol; for a future its root, such as MES. */
      symbol?: string;
      /** The contract of a future, such as MESH5; null: none was given. */
      contract?: string | null;
      /** `long`: bought first, then sold; `short`: the reverse. */
      direction?: 'long' | 'short';
      /** The number of contracts, lots or shares; above zero in both directions. */
      quantity?: number;
      /** The average price at which the trade was opened. */
      entry_price?: number;
      /** The average price at which the trade was closed; null while it is open. */
      exit_price?: number | null;
      /** When the trade was opened. In epoch milliseconds. */
      entry_time?: number;
      /** When the trade was closed; null while it is open. In epoch milliseconds. */
      exit_time?: number | null;
      /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
      pnl?: number | null;
      /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
      commission?: number;
      /** The trader’s name for the pattern that was traded; null: none was given. */
      setup_type?: string | null;
      /** What was noted about the trade; null: nothing was. */
      notes?: string | null;
    }
  | {
      /** Whether to keep the good trades of a batch even if others are refused, also for not matching their schema. */
      partial?: boolean;
      /** Whether trades that are there are changed where the sent fields differ. */
      upsert?: boolean;
      /** Whether deleted trades come back. */
      restore?: boolean;
      /** The trades of a batch. */
      trades: {
        /** The id of the account, or `ext:` and its external id. */
        account_id: string;
        /** The trade’s `id` from now on, such as the broker’s ticket. Without it an id is made. */
        external_id?: string;
        /** The symbol; for a future its root, such as MES. */
        symbol?: string;
        /** The contract of a future, such as MESH5; null: none was given. */
        contract?: string | null;
        /** `long`: bought first, then sold; `short`: the reverse. */
        direction?: 'long' | 'short';
        /** The number of contracts, lots or shares; above zero in both directions. */
        quantity?: number;
        /** The average price at which the trade was opened. */
        entry_price?: number;
        /** The average price at which the trade was closed; null while it is open. */
        exit_price?: number | null;
        /** When the trade was opened. In epoch milliseconds. */
        entry_time?: number;
        /** When the trade was closed; null while it is open. In epoch milliseconds. */
        exit_time?: number | null;
        /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
        pnl?: number | null;
        /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
        commission?: number;
        /** The trader’s name for the pattern that was traded; null: none was given. */
        setup_type?: string | null;
        /** What was noted about the trade; null: nothing was. */
        notes?: string | null;
      }[];
      /** The id of the account, or `ext:` and its external id. */
      account_id?: string;
      /** The trade’s `id` from now on, such as the broker’s ticket. Without it an id is made. */
      external_id?: string;
      /** The symbol; for a future its root, such as MES. */
      symbol?: string;
      /** The contract of a future, such as MESH5; null: none was given. */
      contract?: string | null;
      /** `long`: bought first, then sold; `short`: the reverse. */
      direction?: 'long' | 'short';
      /** The number of contracts, lots or shares; above zero in both directions. */
      quantity?: number;
      /** The average price at which the trade was opened. */
      entry_price?: number;
      /** The average price at which the trade was closed; null while it is open. */
      exit_price?: number | null;
      /** When the trade was opened. In epoch milliseconds. */
      entry_time?: number;
      /** When the trade was closed; null while it is open. In epoch milliseconds. */
      exit_time?: number | null;
      /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
      pnl?: number | null;
      /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
      commission?: number;
      /** The trader’s name for the pattern that was traded; null: none was given. */
      setup_type?: string | null;
      /** What was noted about the trade; null: nothing was. */
      notes?: string | null;
    };
/** What a webhook is told. */
export type WebhookEvent =
  | TradeCreatedEvent
  | TradeUpdatedEvent
  | MilestoneReachedEvent
  | AccountCreatedEvent
  | AccountUpdatedEvent
  | DailySummaryEvent
  | TradeDeletedEvent
  | ImportCompletedEvent
  | TestEvent;
export type TradesFound = TradeDetails | TradesWritten;
export type TradesSent = TradeDetails | TradesWritten;
export type WidgetAnswer =
  | {
      /** The widget’s name. */
      widget: 'stats-card';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: StatsCardData;
    }
  | {
      /** The widget’s name. */
      widget: 'performance-summary';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: PerformanceSummaryData;
    }
  | {
      /** The widget’s name. */
      widget: 'equity-curve';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: EquityCurveData;
    }
  | {
      /** The widget’s name. */
      widget: 'leaderboard';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: LeaderboardData;
    }
  | {
      /** The widget’s name. */
      widget: 'trade-heatmap';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: TradeHeatmapData;
    }
  | {
      /** The widget’s name. */
      widget: 'instrument-breakdown';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: InstrumentBreakdownData;
    }
  | {
      /** The widget’s name. */
      widget: 'drawdown-gauge';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: DrawdownGaugeData;
    }
  | {
      /** The widget’s name. */
      widget: 'win-streak';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: WinStreakData;
    }
  | {
      /** The widget’s name. */
      widget: 'monthly-calendar';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: MonthlyCalendarData;
    }
  | {
      /** The widget’s name. */
      widget: 'risk-metrics';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: RiskMetricsData;
    }
  | {
      /** The widget’s name. */
      widget: 'recent-trades';
      /** A number that is raised by every write of what the answer depends on. */
      revision: number;
      branding: Branding;
      /** What the widget shows. */
      data: RecentTradesData;
    };

export interface ReadStatsParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id?: string;
  /** Which attempt of the account: 1 for the first, and so on. Default: the current one. */
  attempt?: number;
  /** The currency, such as EUR, of the accounts to add up. Nothing is converted. Default: the firm’s own currency. */
  currency?: string;
  /** How many of the last days to cover, today included; 1y is a year, all is the whole history. */
  period?: '7d' | '30d' | '90d' | '1y' | 'all';
}
export interface ReadStatsOfAccountsParameters {
  /** The ids of up to 100 accounts, separated by commas, or `ext:` and their external ids. */
  account_id: string[];
  /** Which attempt of the account: 1 for the first, and so on. Default: the current one. */
  attempt?: number;
  /** How many of the last days to cover, today included; 1y is a year, all is the whole history. */
  period?: '7d' | '30d' | '90d' | '1y' | 'all';
}
export interface ListAccountsParameters {
  /** Only the accounts of this firm. */
  firm_id?: string;
  /** Only the accounts of this user; also as `ext:` and its external id. */
  user_id?: string;
  /** Only active or only closed accounts. */
  status?: 'active' | 'closed' | 'all';
  /** Only accounts that have this text in their nickname or external id, with ASCII letters in upper or lower case. */
  q?: string;
  /** How many accounts to list. */
  limit?: number;
  /** How many accounts to skip; by default none. */
  offset?: number;
  /** Instead of `offset`: the `next` of the page before. */
  cursor?: string;
}
export interface CreateAccountParameters {
  /** The account’s name, which widgets show. */
  nickname: string;
  /** ISO 4217; by default the partner’s. */
  currency?: string;
  /** The user that it belongs to: an id, or `ext:` and an external id. */
  user_id?: string | null;
  /** The partner’s own id of the account. */
  external_id?: string | null;
  /** By which lists and leaderboards are filtered. */
  firm_id?: string | null;
  /** The firm’s name. */
  firm?: string | null;
  /** The balance at the start of the current attempt. */
  starting_balance?: number | null;
  /** How far the account may fall below its peak: the limit of its drawdown gauge. */
  max_drawdown?: number | null;
}
export interface ReadAccountParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** Which attempt of the account: 1 for the first, and so on. Default: the current one. */
  attempt?: number;
}
export interface ChangeAccountParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** The account’s name, which widgets show. */
  nickname?: string;
  /** ISO 4217. Only while the account has no trades. */
  currency?: string;
  /** The user that it belongs to: an id, or `ext:` and an external id. */
  user_id?: string | null;
  /** The partner’s own id of the account. */
  external_id?: string | null;
  /** By which lists and leaderboards are filtered. */
  firm_id?: string | null;
  /** The firm’s name. */
  firm?: string | null;
  /** The balance at the start of the current attempt. */
  starting_balance?: number | null;
  /** How far the account may fall below its peak: the limit of its drawdown gauge. */
  max_drawdown?: number | null;
}
export interface EraseAccountParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
}
export interface ListAccountTradesParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** Which attempt of the account: 1 for the first, and so on. Default: the current one. */
  attempt?: number;
  /** Closed trades, open ones or all. */
  status?: 'closed' | 'open' | 'all';
  /** By entry, then exit (an open trade first), then id: ascending or descending. */
  order?: 'desc' | 'asc';
  /** How many trades to list. */
  limit?: number;
  /** The `next` of the page before. */
  cursor?: string;
}
export interface ListTradesParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** Which attempt of the account: 1 for the first, and so on. Default: the current one. */
  attempt?: number;
  /** The page, starting at 1. */
  page?: number;
  /** How many trades a page has. */
  limit?: number;
  /** How many of the last days to cover, today included; 1y is a year, all is the whole history. */
  period?: '7d' | '30d' | '90d' | '1y' | 'all';
  /** Only trades in this symbol. */
  symbol?: string;
  /** Only long or only short trades. */
  direction?: 'long' | 'short';
  /** Closed trades, open ones or all. A period selects closed trades only. */
  status?: 'closed' | 'open' | 'all';
  /** The field to sort by. */
  sort?: 'entry_time' | 'exit_time' | 'pnl' | 'symbol' | 'quantity';
  /** Descending or ascending. */
  order?: 'desc' | 'asc';
}
export interface ChangeTradesParameters {
  /** The trades of a batch. */
  trades: {
    /** The id of the account, or `ext:` and its external id. */
    account_id: string;
    /** The id of the trade. */
    id: string;
    /** The symbol; for a future its root, such as MES. */
    symbol?: string;
    /** The contract of a future, such as MESH5; null: none was given. */
    contract?: string | null;
    /** `long`: bought first, then sold; `short`: the reverse. */
    direction?: 'long' | 'short';
    /** The number of contracts, lots or shares; above zero in both directions. */
    quantity?: number;
    /** The average price at which the trade was opened. */
    entry_price?: number;
    /** The average price at which the trade was closed; null while it is open. */
    exit_price?: number | null;
    /** When the trade was opened. In epoch milliseconds. */
    entry_time?: number;
    /** When the trade was closed; null while it is open. In epoch milliseconds. */
    exit_time?: number | null;
    /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
    pnl?: number | null;
    /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
    commission?: number;
    /** The trader’s name for the pattern that was traded; null: none was given. */
    setup_type?: string | null;
    /** What was noted about the trade; null: nothing was. */
    notes?: string | null;
  }[];
  /** Whether to keep the good trades of a batch even if others are refused, also for not matching their schema. */
  partial?: boolean;
}
export interface DeleteTradesParameters {
  /** The trades of a batch. */
  trades: {
    /** The id of the account, or `ext:` and its external id. */
    account_id: string;
    /** The id of the trade. */
    id: string;
  }[];
  /** Whether to keep the good trades of a batch even if others are refused, also for not matching their schema. */
  partial?: boolean;
}
export interface ReadTradeParameters {
  /** The id of a trade, percent-encoded. */
  id: string;
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
}
export interface ReplaceTradeParameters {
  /** The id of the trade. */
  id: string;
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** The symbol; for a future its root, such as MES. */
  symbol: string;
  /** `long`: bought first, then sold; `short`: the reverse. */
  direction: 'long' | 'short';
  /** The number of contracts, lots or shares; above zero in both directions. */
  quantity: number;
  /** The average price at which the trade was opened. */
  entry_price: number;
  /** When the trade was opened. In epoch milliseconds. */
  entry_time: number;
  /** The contract of a future, such as MESH5; null: none was given. */
  contract?: string | null;
  /** The average price at which the trade was closed; null while it is open. */
  exit_price?: number | null;
  /** When the trade was closed; null while it is open. In epoch milliseconds. */
  exit_time?: number | null;
  /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
  pnl?: number | null;
  /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
  commission?: number;
  /** The trader’s name for the pattern that was traded; null: none was given. */
  setup_type?: string | null;
  /** What was noted about the trade; null: nothing was. */
  notes?: string | null;
}
export interface ChangeTradeParameters {
  /** The id of the trade. */
  id: string;
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** The symbol; for a future its root, such as MES. */
  symbol?: string;
  /** The contract of a future, such as MESH5; null: none was given. */
  contract?: string | null;
  /** `long`: bought first, then sold; `short`: the reverse. */
  direction?: 'long' | 'short';
  /** The number of contracts, lots or shares; above zero in both directions. */
  quantity?: number;
  /** The average price at which the trade was opened. */
  entry_price?: number;
  /** The average price at which the trade was closed; null while it is open. */
  exit_price?: number | null;
  /** When the trade was opened. In epoch milliseconds. */
  entry_time?: number;
  /** When the trade was closed; null while it is open. In epoch milliseconds. */
  exit_time?: number | null;
  /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
  pnl?: number | null;
  /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
  commission?: number;
  /** The trader’s name for the pattern that was traded; null: none was given. */
  setup_type?: string | null;
  /** What was noted about the trade; null: nothing was. */
  notes?: string | null;
}
export interface DeleteTradeParameters {
  /** The id of the trade. */
  id: string;
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
}
export interface ListUsersParameters {
  /** How many users to list. */
  limit?: number;
  /** The `next` of the page before. */
  cursor?: string;
}
export interface CreateUserParameters {
  /** The partner’s own id of the user. */
  external_id?: string | null;
  /** The user’s name. */
  name?: string | null;
  /** The user’s e-mail address. */
  email?: string | null;
}
export interface ReadUserParameters {
  /** The id of a user, or `ext:` and its external id. */
  id: string;
}
export interface ChangeUserParameters {
  /** The id of a user, or `ext:` and its external id. */
  id: string;
  /** The partner’s own id of the user. */
  external_id?: string | null;
  /** The user’s name. */
  name?: string | null;
  /** The user’s e-mail address. */
  email?: string | null;
}
export interface EraseUserParameters {
  /** The id of a user, or `ext:` and its external id. */
  id: string;
}
export interface ListEventsParameters {
  /** The `next` of the last response: only what happened after that. Without it, from the oldest event that is kept. */
  after?: string;
  /** Only events of these types, with commas between them. */
  types?: (
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
  )[];
  /** The most events to list. */
  limit?: number;
}
export interface ListImportsParameters {
  /** Only imports into this account. */
  account_id?: string;
  /** How many imports to list. */
  limit?: number;
  /** The `next` of the page before. */
  cursor?: string;
}
export interface ImportFileParameters {
  /** The file as it is. */
  file: Blob | ArrayBuffer | Uint8Array | string | ReadableStream<Uint8Array>;
  /** The account: its id, or `ext:` and its external id. */
  account_id?: string;
  /** Instead of `account_id`: the name of an account to be made. */
  nickname?: string;
  /** Of a new account: its user. */
  user_id?: string;
  /** Of a new account: the partner’s own id of it. */
  external_id?: string;
  /** Of a new account: by which lists are filtered. */
  firm_id?: string;
  /** Of a new account: the firm’s name. */
  firm?: string;
  /** Of a new account: ISO 4217. Default: the one that the file names, else the partner’s. */
  currency?: string;
  /** Of a new account: the balance at its start. */
  starting_balance?: number;
  /** Of a new account: how far it may fall below its peak. */
  max_drawdown?: number;
  /** The name of the file, for lists. */
  file_name?: string;
  /** The format of the file; `auto` detects it. */
  format?: 'auto' | 'tradovate' | 'mt4' | 'mt5' | 'csv';
  /** The zone of times in the file that name none, such as America/Chicago. Default: UTC. */
  timezone?: string;
  /** Whether the valid rows are kept even if others are refused. */
  skip_bad?: boolean;
  /** Whether everything is checked and nothing kept. */
  dry_run?: boolean;
  /** Whether trades that were deleted come back. */
  restore?: boolean;
  /** Which events tell of its trades: `auto`: one for each of up to 1,000; `each`: of up to 10,000; `none`. One tells of the import in any case. */
  events?: 'auto' | 'each' | 'none';
}
export interface ReadImportParameters {
  /** The id of an import. */
  id: string;
}
export interface UndoImportParameters {
  /** The id of an import. */
  id: string;
  /** Whether trades that were changed or closed by API since go, too. */
  force?: boolean;
}
export interface ReadWidgetParameters {
  /** The name of the widget. */
  widget:
    | 'stats-card'
    | 'performance-summary'
    | 'equity-curve'
    | 'leaderboard'
    | 'trade-heatmap'
    | 'instrument-breakdown'
    | 'drawdown-gauge'
    | 'win-streak'
    | 'monthly-calendar'
    | 'risk-metrics'
    | 'recent-trades';
  /** The id of one account (a leaderboard marks it). Default: all accounts together. */
  account_id?: string;
  /** Which attempt of the account: 1 for the first, and so on. Default: the current one. */
  attempt?: number;
  /** The firm whose accounts are shown. Default: all firms. */
  firm_id?: string;
  /** How many of the last days to cover, today included; 1y is a year, all is the whole history. For `leaderboard` the default is all. */
  period?: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The month to show, as YYYY-MM. Default: the current one. */
  month?: string;
  /** What the accounts are ranked by. */
  sort?: 'pnl' | 'win_rate' | 'trades';
  /** Whether each account is ranked by itself, or each user with all its accounts. */
  by?: 'account' | 'user';
  /** active: closed accounts are not ranked; all: they are. */
  status?: 'active' | 'all';
  /** How many rows to show at most. For `recent-trades` at most 25. */
  limit?: number;
  /** How far the account may fall below its peak, in its currency. Default: the account’s own limit, if it has one. */
  max_drawdown?: number;
  /** The currency, such as EUR, of the accounts to add up. Nothing is converted. Default: the firm’s own currency. */
  currency?: string;
  /** The id of an open stream, after whose messages questions are not counted. */
  stream?: string;
}
export interface CreateKeyParameters {
  /** What the key is for. At most 50 characters; blanks before and after them are removed. It must be one line of text that can be read: no control, direction or invisible characters. */
  label?: string;
  /** Default: embed:read, stats:read, stats:aggregate, accounts:list, as far as the caller has them. */
  scopes?: (
    | 'embed:read'
    | 'stats:read'
    | 'stats:aggregate'
    | 'accounts:list'
    | 'webhooks:manage'
    | 'users:read'
    | 'users:write'
    | 'accounts:write'
    | 'trades:write'
  )[];
  /** A name for a list of scopes, instead of `scopes`. */
  preset?: 'read-only' | 'write' | 'full';
  /** When the key expires, later than now; null: never. In epoch milliseconds. */
  expires_at?: number | null;
  /** The origins of the pages that may show widgets with the key; empty: those of the partner. Default: those of the key that asks. */
  allowed_origins?: string[];
}
export interface RevokeKeyByQueryParameters {
  /** The id of a key. */
  key_id: string;
}
export interface ChangeKeyParameters {
  /** The id of a key. */
  id: string;
  /** What the key is for. At most 50 characters; blanks before and after them are removed. It must be one line of text that can be read: no control, direction or invisible characters. */
  label?: string;
  /** The scopes that the key has from now on. */
  scopes?: (
    | 'embed:read'
    | 'stats:read'
    | 'stats:aggregate'
    | 'accounts:list'
    | 'webhooks:manage'
    | 'users:read'
    | 'users:write'
    | 'accounts:write'
    | 'trades:write'
  )[];
  /** When the key expires, later than now; null: never. In epoch milliseconds. */
  expires_at?: number | null;
  /** The origins of the pages that may show widgets with the key; empty: those of the partner. */
  allowed_origins?: string[];
  /** False pauses the key, true resumes it. */
  is_active?: boolean;
}
export interface RevokeKeyParameters {
  /** The id of a key. */
  id: string;
}
export interface RollKeyParameters {
  /** The id of a key. */
  id: string;
  /** How long the old key stays valid, in seconds. */
  overlap_seconds?: number;
  /** When the key expires, later than now; null: never. In epoch milliseconds. */
  expires_at?: number | null;
}
export interface ChangeBrandingParameters {
  /** The accent colour of the widgets. */
  primary_color?: string | null;
  /** The https address of a logo. */
  logo_url?: string | null;
  /** The logo on the light theme, instead of `logo_url`. */
  logo_url_light?: string | null;
  /** The logo on the dark theme, instead of `logo_url`. */
  logo_url_dark?: string | null;
  /** The name that widgets show beside the logo, or instead of one. At most 100 characters; blanks before and after them are removed. It must be one line of text that can be read: no control, direction or invisible characters. */
  company_name?: string | null;
  /** Whether widgets leave out “Powered by PropTally”. True needs the enterprise tier. */
  hide_powered_by?: boolean;
}
export interface ReplaceOriginsParameters {
  /** The origins from now on, such as `https://app.example.com`. */
  allowed_origins: string[];
}
export interface CreateEmbedTokenParameters {
  /** The widgets that the token opens. Default: all that the tier includes, but no leaderboard if accounts or a user are named. */
  widgets?: (
    | 'stats-card'
    | 'performance-summary'
    | 'equity-curve'
    | 'leaderboard'
    | 'trade-heatmap'
    | 'instrument-breakdown'
    | 'drawdown-gauge'
    | 'win-streak'
    | 'monthly-calendar'
    | 'risk-metrics'
    | 'recent-trades'
  )[];
  /** The only account that the token opens, by its id, or `ext:` and its external id. Default: all accounts. */
  account_id?: string;
  /** Or the only accounts, likewise. A request that names none of them is about the first. */
  account_ids?: string[];
  /** Or the user whose accounts the token opens, as they are at each request: the id, or `ext:` and the external id. A request that names none of them is about the oldest. */
  user_id?: string;
  /** How long the token is valid, in seconds. */
  expires_in?: number;
}
export interface CreateLoginLinkParameters {
  /** The id of a user, or `ext:` and its external id. */
  id: string;
  /** Whether to mail the link to the user’s address. */
  send?: boolean;
}
export interface EndSessionsOfUserParameters {
  /** The id of a user, or `ext:` and its external id. */
  id: string;
}
export interface CloseAccountParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
}
export interface ReopenAccountParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
}
export interface ResetAccountParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** When the attempt starts, after the current one did. In epoch milliseconds. Default: now. */
  at?: number;
  /** Its balance at the start. Default: that of the current one. */
  starting_balance?: number | null;
  /** How far it may fall below its peak. Default: as in the current one. */
  max_drawdown?: number | null;
}
export interface DeleteTradesByPostParameters {
  /** The trades of a batch. */
  trades: {
    /** The id of the account, or `ext:` and its external id. */
    account_id: string;
    /** The id of the trade. */
    id: string;
  }[];
  /** Whether to keep the good trades of a batch even if others are refused, also for not matching their schema. */
  partial?: boolean;
}
export interface SendObservationsParameters {
  /** Observations of any accounts. */
  observations: {
    /** The id of the account, or `ext:` and its external id. */
    account_id: string;
    /** When it was observed, at most five minutes in the future. In epoch milliseconds. */
    time: number;
    /** The account’s balance, without its open positions. */
    balance: number;
    /** The balance with the P&L of the open positions. */
    equity: number;
    /** The P&L of the open positions; null, or left out: it is not known. */
    open_pnl?: number | null;
  }[];
}
export interface CreateWebhookParameters {
  /** Where events are sent to: an https address at a public host, without user name, password and fragment. */
  url: string;
  /** What it is for. At most 200 characters; blanks before and after them are removed. It must be one line of text that can be read: no control, direction or invisible characters. */
  description?: string | null;
  /** The types of events to send. */
  events?: (
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
  )[];
}
export interface DeleteWebhookByQueryParameters {
  /** The id of a webhook. */
  webhook_id: string;
}
export interface ChangeWebhookParameters {
  /** The id of a webhook. */
  id: string;
  /** Where events are sent to: an https address at a public host, without user name, password and fragment. */
  url?: string;
  /** What it is for. At most 200 characters; blanks before and after them are removed. It must be one line of text that can be read: no control, direction or invisible characters. */
  description?: string | null;
  /** The types of events to send. */
  events?: (
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
  )[];
  /** False: nothing is sent, and what happens meanwhile is not owed. True: what was owed before is sent. */
  is_active?: boolean;
}
export interface DeleteWebhookParameters {
  /** The id of a webhook. */
  id: string;
}
export interface ReadWebhookParameters {
  /** The id of a webhook. */
  id: string;
}
export interface RotateWebhookSecretParameters {
  /** The id of a webhook. */
  id: string;
  /** How long the old secret signs as well, in seconds: `webhook-signature` has both signatures then, and `X-PropTally-Signature` stays with the old one. */
  overlap_seconds?: number;
}
export interface EndWebhookSecretOverlapParameters {
  /** The id of a webhook. */
  id: string;
}
export interface ReplayWebhookDeliveryParameters {
  /** The id of a webhook. */
  id: string;
  /** The id of a delivery. */
  delivery: string;
}
export interface ReplayWebhookDeliveriesParameters {
  /** The id of a webhook. */
  id: string;
  /** Events that happened from then on. In epoch milliseconds. */
  from: number;
  /** The `next` of the last response, to go on with the same range. */
  cursor?: string;
  /** Events that happened before then. Without it, until now. */
  to?: number;
  /** Only deliveries in this state; without it, both. */
  state?: 'delivered' | 'failed';
}
export interface FollowChangesParameters {
  /** Goes on after the message with this id, like the header `Last-Event-ID`, which only a browser’s own `EventSource` sends. */
  last_event_id?: string;
}
export interface ExportTradesParameters {
  /** The id of an account, or `ext:` and its external id. */
  account_id: string;
  /** Only the trades of this attempt: 1 for the first, and so on. Default: those of all. */
  attempt?: number;
  /** How many of the last days to cover, today included; 1y is a year, all is the whole history. */
  period?: '7d' | '30d' | '90d' | '1y' | 'all';
  /** Only trades in this symbol. */
  symbol?: string;
  /** Only long or only short trades. */
  direction?: 'long' | 'short';
  /** Closed trades, open ones or all. A period selects closed trades only. */
  status?: 'closed' | 'open' | 'all';
}
export interface ReadAuditParameters {
  /** How many entries to list. */
  limit?: number;
  /** Only entries with a lower number: the `next` of the page before. */
  before?: number;
}
export interface TestWebhookParameters {
  /** The id of a webhook. */
  id: string;
}
export interface ListWebhookDeliveriesParameters {
  /** The id of a webhook. */
  id: string;
  /** Only deliveries in this state. */
  state?: 'waiting' | 'delivered' | 'failed' | 'canceled';
  /** The most deliveries to list. */
  limit?: number;
  /** The `next` of the page before. */
  cursor?: string;
}
export interface TradeCreatedEvent {
  /** What happened. */
  event: 'trade.created';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    /** The trade’s id, which only its account makes unique. */
    trade_id: string;
    /** The account’s id. Starts with `acc_`. */
    account_id: string;
    /** The symbol; of a future its root, such as MES. */
    symbol: string;
    /** Whether it was bought or sold first. */
    direction: 'long' | 'short';
    /** The number of contracts, lots or shares. */
    quantity: number;
    /** The average price at which it was opened. */
    entry_price: number;
    /** Its net P&L; null while it is open. */
    pnl: number | null;
  };
}
export interface TradeUpdatedEvent {
  /** What happened. */
  event: 'trade.updated';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    /** The trade’s id, which only its account makes unique. */
    trade_id: string;
    /** The account’s id. Starts with `acc_`. */
    account_id: string;
    /** The names of the fields that changed. */
    changes: string[];
  };
}
export interface MilestoneReachedEvent {
  /** What happened. */
  event: 'milestone.reached';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    /** The account’s id. Starts with `acc_`. */
    account_id: string;
    /** What was reached: `trade_count_100`, `total_pnl_10000`, `win_streak_5`. */
    milestone: string;
    /** The same for people: `$10,000 Total Profit`. */
    label: string;
    /** The number of trades, total P&L or wins in a row. */
    value: number;
  };
}
export interface AccountCreatedEvent {
  /** What happened. */
  event: 'account.created';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    /** The account’s id. Starts with `acc_`. */
    account_id: string;
    /** The account’s name. */
    nickname: string;
    /** The firm’s name, else its `firm_id`; null: neither was given. */
    firm: string | null;
  };
}
export interface AccountUpdatedEvent {
  /** What happened. */
  event: 'account.updated';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    /** The account’s id. Starts with `acc_`. */
    account_id: string;
    /** The names of the fields that changed. */
    changes: string[];
  };
}
export interface DailySummaryEvent {
  /** What happened. */
  event: 'daily_summary';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    /** The trading day. */
    date: string;
    /** Of more than 1,000 accounts: the number of this part, from 1. */
    part?: number;
    /** The number of parts. */
    parts?: number;
    /** The active accounts. */
    accounts: {
      /** The account’s id. Starts with `acc_`. */
      account_id: string;
      /** The number of trades. */
      trades: number;
      /** Their P&L. */
      pnl: number;
      /** The share of winning trades. In per cent. */
      win_rate: number;
      /** The account’s currency, if it is not the firm’s. ISO 4217. */
      currency?: string;
    }[];
    /** Of all active accounts in the firm’s currency, those of other parts included. */
    totals: {
      /** The number of trades. */
      trades: number;
      /** Their P&L. */
      pnl: number;
    };
  };
}
export interface TradeDeletedEvent {
  /** What happened. */
  event: 'trade.deleted';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    /** The trade’s id, which only its account makes unique. */
    trade_id: string;
    /** The account’s id. Starts with `acc_`. */
    account_id: string;
  };
}
export interface ImportCompletedEvent {
  /** What happened. */
  event: 'import.completed';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data:
    | {
        /** The account’s id. Starts with `acc_`. */
        account_id: string;
        /** The import’s id. Starts with `imp_`. */
        import_id: string;
        /** The name of the file; null: none was given. */
        file: string | null;
        /** The format of the file. */
        format: string;
        /** Trades that were added. */
        added: number;
        /** Trades that were open and were closed. */
        closed: number;
        /** Rows that add nothing to what is stored. */
        already_there: number;
        /** Rows of trades that were corrected since; they stay as they are. */
        corrected: number;
        /** Rows of trades that were deleted since. */
        deleted: number;
        /** Rows that can’t be kept. */
        refused: number;
      }
    | {
        /** The account’s id. Starts with `acc_`. */
        account_id: string;
        /** The import’s id. Starts with `imp_`. */
        import_id: string;
        /** The name of the file; null: none was given. */
        file: string | null;
        /** The import was taken back. */
        undone: true;
        /** Trades that were removed. */
        removed: number;
        /** Trades that were opened again. */
        reopened: number;
        /** Trades that stayed because another import, or the API, has them, too. */
        confirmed: number;
      };
}
export interface TestEvent {
  /** What happened. */
  event: 'test';
  /** When it happened. ISO 8601, in UTC. */
  timestamp: string;
  /** What the event tells. */
  data: {
    [k: string]: unknown;
  };
}
export interface StatsAnswer {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  stats: Stats;
  /** The days with trades, the oldest first. */
  dailyPnl: DailyPnl[];
  /** The instruments by number of trades, the largest first. */
  instruments: InstrumentStats[];
}
/** The account that was asked about. */
export interface AccountName {
  /** The account’s id. Starts with `acc_`. */
  id: string;
  /** The account’s name. */
  nickname: string;
}
/** The main figures of the closed trades. */
export interface Stats {
  /** The number of closed trades. */
  tradeCount: number;
  /** The share of trades that won, rounded to one decimal. In per cent. */
  winRate: number;
  /** The average P&L of a trade, rounded to two decimals. */
  avgPnl: number;
  /** The total P&L, exact. */
  totalPnl: number;
  /** The P&L of the best trade. */
  bestTrade: number;
  /** The P&L of the worst trade. */
  worstTrade: number;
  /** Gross profit / |gross loss|, rounded to two decimals; null: there are wins and no losses. */
  profitFactor: number | null;
  /** The number of different symbols. */
  instrumentsTraded: number;
}
export interface DailyPnl {
  /** The trading day. */
  day: string;
  /** The net P&L of the day. */
  pnl: number;
  /** The number of trades that were closed on the day. */
  trades: number;
}
export interface InstrumentStats {
  /** The symbol; for a future its root, such as MES. */
  symbol: string;
  /** The number of closed trades. */
  trades: number;
  /** The share of trades that won, rounded to one decimal. In per cent. */
  win_rate: number;
  /** The net P&L of these trades. */
  total_pnl: number;
}
export interface BulkAnswer {
  /** The accounts in the order asked for. */
  accounts: (StatsAnswer | UnknownAccount)[];
}
export interface UnknownAccount {
  /** What was asked for. */
  account_id: string;
  /** The partner has no such account, or the account no such attempt. */
  error: 'not_found';
}
export interface AccountsAnswer {
  /** The accounts of this page. */
  accounts: AccountSummary[];
  /** The number of accounts on all pages together. */
  total: number;
  /** The most accounts that a page has. */
  limit: number;
  /** The number of accounts before this page; null where a cursor says where it begins. */
  offset: number | null;
  /** The `cursor` of the next page; null: this is the last one. */
  next: string | null;
}
/** An account, with figures of its current attempt. */
export interface AccountSummary {
  /** The account’s id. Starts with `acc_`. */
  id: string;
  /** The firm’s own id of the account; null: it has none. */
  external_id: string | null;
  /** The account’s name. */
  nickname: string;
  /** The id of the user that the account belongs to; null: to none. */
  user_id: string | null;
  /** By which the partner knows the firm that the account belongs to; null: none was named. */
  firm_id: string | null;
  /** `closed`: no trade can be opened in the account any more. */
  status: 'active' | 'closed';
  /** The currency of all amounts of the account. ISO 4217. */
  currency: string;
  /** The number of closed trades of the attempt. */
  trade_count: number;
  /** The net P&L of the closed trades of the attempt. */
  total_pnl: number;
}
/** An account, with one of its attempts. */
export interface AccountAnswer {
  /** The account’s id. Starts with `acc_`. */
  id: string;
  /** The firm’s own id of the account; null: it has none. */
  external_id: string | null;
  /** The account’s name. */
  nickname: string;
  /** The id of the user that the account belongs to; null: to none. */
  user_id: string | null;
  /** By which the partner knows the firm that the account belongs to; null: none was named. */
  firm_id: string | null;
  /** `closed`: no trade can be opened in the account any more. */
  status: 'active' | 'closed';
  /** The currency of all amounts of the account. ISO 4217. */
  currency: string;
  /** The number of closed trades of the attempt. */
  trade_count: number;
  /** The net P&L of the closed trades of the attempt. */
  total_pnl: number;
  /** The firm’s name; null: none was named. */
  firm: string | null;
  /** The number of the attempt that the figures are of; the first is 1. */
  attempt: number;
  /** Trades that were opened from here on belong to the attempt; null: it is the first, to which all earlier ones belong, too. In epoch milliseconds. */
  attempt_started_at: number | null;
  /** The balance with which the attempt started; null: none was named. */
  starting_balance: number | null;
  /** The starting balance and the total P&L together; null without the former. */
  balance: number | null;
  /** How far the account may fall below its peak; null: no limit was named. */
  max_drawdown: number | null;
  /** The balance with the P&L of open positions, as it was last observed in the current attempt; null: it was not, or the figures are of an earlier attempt. */
  equity: number | null;
  /** The P&L of open positions in that observation; null: it did not tell it. */
  open_pnl: number | null;
  /** When that was observed; null: it was not. In epoch milliseconds. */
  observed_at: number | null;
  /** When the account was made. In epoch milliseconds. */
  created_at: number;
  /** When the account was closed; null: it is active. In epoch milliseconds. */
  closed_at: number | null;
}
export interface SuccessAnswer {
  /** Always true; a failure is an error. */
  success: true;
}
export interface AccountTradesAnswer {
  account: AccountName;
  /** The account’s attempt that the trades belong to; the first is 1. */
  attempt: number;
  /** The trades of this page. */
  trades: TradeAnswer[];
  /** The `cursor` of the next page; null: this is the last one. */
  next: string | null;
}
export interface TradeAnswer {
  /** The trade’s id, unique within the account. */
  id: string;
  /** The symbol; for a future its root, such as MES. */
  symbol: string;
  /** The contract of a future, such as MESH5; null: none was given. */
  contract: string | null;
  /** `long`: bought first, then sold; `short`: the reverse. */
  direction: 'long' | 'short';
  /** The number of contracts, lots or shares; above zero in both directions. */
  quantity: number;
  /** The average price at which the trade was opened. */
  entry_price: number;
  /** The average price at which the trade was closed; null while it is open. */
  exit_price: number | null;
  /** When the trade was opened. In epoch milliseconds. */
  entry_time: number;
  /** When the trade was closed; null while it is open. In epoch milliseconds. */
  exit_time: number | null;
  /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
  pnl: number | null;
  /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
  commission: number;
  /** The trader’s name for the pattern that was traded; null: none was given. */
  setup_type: string | null;
  /** What was noted about the trade; null: nothing was. */
  notes: string | null;
  /** The time from entry to exit, in whole minutes; null while the trade is open. */
  duration_minutes: number | null;
}
export interface TradesAnswer {
  account: AccountName;
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The page among all that the request selects. */
  pagination: {
    /** The number of this page; the first is 1. */
    page: number;
    /** The most trades that a page has. */
    limit: number;
    /** The number of trades on all pages together. */
    total: number;
    /** The number of pages. */
    total_pages: number;
    /** Whether there is a next page. */
    has_more: boolean;
  };
  /** The trades of this page. */
  trades: TradeAnswer[];
}
/** A trade, with the account it belongs to. */
export interface TradeDetails {
  /** The account that the trade belongs to. Starts with `acc_`. */
  account_id: string;
  /** The account’s attempt in which the trade was opened; the first is 1. */
  attempt: number;
  /** The trade’s id, unique within the account. */
  id: string;
  /** The symbol; for a future its root, such as MES. */
  symbol: string;
  /** The contract of a future, such as MESH5; null: none was given. */
  contract: string | null;
  /** `long`: bought first, then sold; `short`: the reverse. */
  direction: 'long' | 'short';
  /** The number of contracts, lots or shares; above zero in both directions. */
  quantity: number;
  /** The average price at which the trade was opened. */
  entry_price: number;
  /** The average price at which the trade was closed; null while it is open. */
  exit_price: number | null;
  /** When the trade was opened. In epoch milliseconds. */
  entry_time: number;
  /** When the trade was closed; null while it is open. In epoch milliseconds. */
  exit_time: number | null;
  /** The net P&L: what the account gained after commission, fees and swap; null while the trade is open. */
  pnl: number | null;
  /** The commission, zero or below. `pnl` includes it already, so don’t subtract it again. */
  commission: number;
  /** The trader’s name for the pattern that was traded; null: none was given. */
  setup_type: string | null;
  /** What was noted about the trade; null: nothing was. */
  notes: string | null;
  /** The time from entry to exit, in whole minutes; null while the trade is open. */
  duration_minutes: number | null;
}
export interface TradesWritten {
  /** What became of each trade, in the order of the request. */
  trades: {
    /** The place of the trade in the request, from 0. */
    index: number;
    /** What became of it. */
    verdict: 'created' | 'closed' | 'updated' | 'unchanged' | 'deleted' | 'refused';
    /** The id of its account; as it was sent where there is no such account. */
    account_id: string | null;
    /** The trade’s id; null: a refused one was sent without. */
    id: string | null;
    /** Why it was refused, for programs. */
    code?:
      | 'malformed_request'
      | 'expectation_failed'
      | 'headers_too_large'
      | 'request_timeout'
      | 'method_not_allowed'
      | 'not_found'
      | 'invalid_encoding'
      | 'invalid_parameters'
      | 'unsupported_media_type'
      | 'body_too_large'
      | 'incomplete_body'
      | 'invalid_json'
      | 'invalid_body'
      | 'missing_key'
      | 'invalid_key'
      | 'invalid_token'
      | 'outside_token'
      | 'publishable_key'
      | 'missing_scope'
      | 'tier_required'
      | 'beyond_key'
      | 'sign_in_required'
      | 'foreign_page'
      | 'origin_not_allowed'
      | 'too_many_requests'
      | 'daily_limit_reached'
      | 'too_many_streams'
      | 'key_in_use'
      | 'key_ended'
      | 'key_paused'
      | 'already_rolled'
      | 'too_many_keys'
      | 'too_many_addresses'
      | 'too_many_webhooks'
      | 'already_rotated'
      | 'webhooks_off'
      | 'last_address'
      | 'other_currency'
      | 'conflict'
      | 'deleted'
      | 'account_closed'
      | 'sums_too_large'
      | 'imports_running'
      | 'unreadable_file'
      | 'import_refused'
      | 'rows_refused'
      | 'request_running'
      | 'idempotency_key_reused'
      | 'cursor_gone'
      | 'invalid_link'
      | 'internal_error'
      | 'storage_unavailable';
    /** Why it was refused, for people. */
    error?: string;
    /** For invalid parameters, bodies and conflicts: every problem, up to a hundred. */
    details?: {
      /** The parameter or field with the problem. */
      path: string;
      /** What is wrong with it. */
      message: string;
      /** Of a row of a batch: what is wrong, as a code for programs. */
      code?:
        | 'malformed_request'
        | 'expectation_failed'
        | 'headers_too_large'
        | 'request_timeout'
        | 'method_not_allowed'
        | 'not_found'
        | 'invalid_encoding'
        | 'invalid_parameters'
        | 'unsupported_media_type'
        | 'body_too_large'
        | 'incomplete_body'
        | 'invalid_json'
        | 'invalid_body'
        | 'missing_key'
        | 'invalid_key'
        | 'invalid_token'
        | 'outside_token'
        | 'publishable_key'
        | 'missing_scope'
        | 'tier_required'
        | 'beyond_key'
        | 'sign_in_required'
        | 'foreign_page'
        | 'origin_not_allowed'
        | 'too_many_requests'
        | 'daily_limit_reached'
        | 'too_many_streams'
        | 'key_in_use'
        | 'key_ended'
        | 'key_paused'
        | 'already_rolled'
        | 'too_many_keys'
        | 'too_many_addresses'
        | 'too_many_webhooks'
        | 'already_rotated'
        | 'webhooks_off'
        | 'last_address'
        | 'other_currency'
        | 'conflict'
        | 'deleted'
        | 'account_closed'
        | 'sums_too_large'
        | 'imports_running'
        | 'unreadable_file'
        | 'import_refused'
        | 'rows_refused'
        | 'request_running'
        | 'idempotency_key_reused'
        | 'cursor_gone'
        | 'invalid_link'
        | 'internal_error'
        | 'storage_unavailable';
      /** In a conflict: the value that is stored. */
      stored?: string | number | null;
      /** In a conflict: the value that was sent. */
      given?: string | number | null;
    }[];
  }[];
  /** How many there are of each verdict. */
  counts: {
    /** How many are created. */
    created: number;
    /** How many are closed. */
    closed: number;
    /** How many are updated. */
    updated: number;
    /** How many are unchanged. */
    unchanged: number;
    /** How many are deleted. */
    deleted: number;
    /** How many are refused. */
    refused: number;
  };
}
export interface UsersAnswer {
  /** The users of this page, the oldest first. */
  users: UserAnswer[];
  /** The `cursor` of the next page; null: this is the last one. */
  next: string | null;
}
/** A trader, with the accounts that belong to it. */
export interface UserAnswer {
  /** The user’s id. Starts with `usr_`. */
  id: string;
  /** The firm’s own id of the user; null: it has none. */
  external_id: string | null;
  /** The user’s name; null: none was given. */
  name: string | null;
  /** The user’s e-mail address; null: none was given. */
  email: string | null;
  /** When the user was made. In epoch milliseconds. */
  created_at: number;
  /** The user’s accounts, the oldest first, at most 100; `GET /accounts?user_id=` lists all. */
  accounts: AccountSummary[];
  /** The number of all accounts of the user. */
  account_count: number;
}
export interface EventsAnswer {
  /** Events, the oldest first. */
  events: EventAnswer[];
  /** What to send as `after` to go on from here, now or later. */
  next: string;
  /** Whether there are more already. */
  has_more: boolean;
}
export interface EventAnswer {
  /** The event’s id. Starts with `evt_`. */
  id: string;
  /** What happened. */
  event:
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed';
  /** When it happened. ISO 8601, in UTC, to the millisecond. */
  timestamp: string;
  /** What the event tells; null: it was erased, with the account that it was about. */
  data: {
    [k: string]: unknown;
  } | null;
}
export interface ImportsAnswer {
  /** The imports of this page, the newest first. */
  imports: ImportSummary[];
  /** The `cursor` of the next page; null: this is the last one. */
  next: string | null;
}
export interface ImportSummary {
  /** The import’s id. Starts with `imp_`. */
  id: string;
  /** `running`: its trades are being kept; `done`: they are; `refused`: nothing was kept; `undoing`, `undone`: it is being taken back, or was. */
  state: 'running' | 'done' | 'refused' | 'undoing' | 'undone';
  /** How far it is, from 0 to 1. */
  part: number;
  /** The name of the file; null: none was given. */
  file_name: string | null;
  /** The SHA-256 of the file, hex. */
  sha256: string;
  /** The parameters that it was sent with. */
  options: {
    [k: string]: string | boolean | null;
  };
  /** Who sent it. */
  by: AuditActor;
  /** When it was begun. In epoch milliseconds. */
  created_at: number;
  /** When it was done, or refused; null: not yet. In epoch milliseconds. */
  finished_at: number | null;
  /** How it was taken back; null: it was not. */
  undone: {
    /** `asked`: somebody wanted it; `conflict`: rows had become impossible while others were kept; `interrupted`: the process that kept them has ended. */
    reason: 'asked' | 'conflict' | 'interrupted';
    /** Whether trades that were changed since were taken back, too. */
    force: boolean;
    /** When that was finished; null: not yet. In epoch milliseconds. */
    at: number | null;
    /** How many trades were removed. */
    removed: number;
    /** How many were opened again. */
    reopened: number;
    /** How many stayed because another import, or the API, has them, too. */
    confirmed: number;
  } | null;
  /** The format of the file. */
  format: string;
  /** The account that the trades go into; null: it was not created. */
  account: {
    /** The account’s id; null: a dry run does not create it. Starts with `acc_`. */
    id: string | null;
    /** The account’s name. */
    nickname: string;
  } | null;
  /** The account’s currency, ISO 4217; empty while there is no account. */
  currency: string;
  /** Whether the file’s valid rows are kept. */
  kept: boolean;
  /** Whether it was only to be seen what would be kept. */
  dry_run: boolean;
  /** Rows that should be trades: once the import has ended, the sum of the seven counts that follow. */
  read: number;
  /** Rows that added a trade. */
  added: number;
  /** Trades that were open and are closed now. */
  closed: number;
  /** Rows that add nothing to what is stored, or to an earlier row. */
  already_there: number;
  /** Rows of trades that were corrected since; they stay as they are. */
  corrected: number;
  /** Rows of trades that were deleted since. */
  deleted: number;
  /** Rows that can’t be kept. */
  refused: number;
  /** Valid rows that were not kept because others were refused. */
  held_back: number;
  /** How many rows are no trades, by what they are. */
  passed_over: {
    [k: string]: number;
  };
  /** Set when times without a zone were taken as UTC. */
  assumed_zone: 'UTC' | null;
  /** Trades after today in every zone: a year may be mistyped. */
  in_future: OddTrades;
  /** Trades that began more than thirty years ago. */
  long_ago: OddTrades;
  /** A warning: the first import of the same file into another account, which counts its trades, too; null: there is none. */
  same_file_in: {
    /** That import’s id. Starts with `imp_`. */
    import_id: string;
    /** Its account’s id. Starts with `acc_`. */
    account_id: string;
    /** Its account’s name. */
    nickname: string;
  } | null;
  /** Why nothing was kept, if not because of refused rows. */
  problem: string | null;
}
/** Who did it. */
export interface AuditActor {
  /** `operator`: a person at the server’s command line; `server`: the server by itself. */
  type: 'session' | 'key' | 'operator' | 'server';
  /** The id of the session (`ses_…`) or of the key (`key_…`); null for the operator and the server. */
  id: string | null;
  /** The e-mail address that signed in, or the key’s label at that time; null for the operator and the server. A label never has an @, so it can’t be taken for an address. */
  name: string | null;
  /** The id of the key that opened the session; null for any other actor. */
  key_id: string | null;
}
export interface OddTrades {
  /** How many trades. */
  trades: number;
  /** The lines of the first ones. */
  lines: number[];
}
export interface ImportReport {
  /** It has no record, as nothing was kept. */
  id: null;
  /** The format of the file. */
  format: string;
  /** The account that the trades go into; null: it was not created. */
  account: {
    /** The account’s id; null: a dry run does not create it. Starts with `acc_`. */
    id: string | null;
    /** The account’s name. */
    nickname: string;
  } | null;
  /** The account’s currency, ISO 4217; empty while there is no account. */
  currency: string;
  /** Whether the file’s valid rows are kept. */
  kept: boolean;
  /** Whether it was only to be seen what would be kept. */
  dry_run: boolean;
  /** Rows that should be trades: once the import has ended, the sum of the seven counts that follow. */
  read: number;
  /** Rows that added a trade. */
  added: number;
  /** Trades that were open and are closed now. */
  closed: number;
  /** Rows that add nothing to what is stored, or to an earlier row. */
  already_there: number;
  /** Rows of trades that were corrected since; they stay as they are. */
  corrected: number;
  /** Rows of trades that were deleted since. */
  deleted: number;
  /** Rows that can’t be kept. */
  refused: number;
  /** Valid rows that were not kept because others were refused. */
  held_back: number;
  /** How many rows are no trades, by what they are. */
  passed_over: {
    [k: string]: number;
  };
  /** Set when times without a zone were taken as UTC. */
  assumed_zone: 'UTC' | null;
  /** Trades after today in every zone: a year may be mistyped. */
  in_future: OddTrades;
  /** Trades that began more than thirty years ago. */
  long_ago: OddTrades;
  /** A warning: the first import of the same file into another account, which counts its trades, too; null: there is none. */
  same_file_in: {
    /** That import’s id. Starts with `imp_`. */
    import_id: string;
    /** Its account’s id. Starts with `acc_`. */
    account_id: string;
    /** Its account’s name. */
    nickname: string;
  } | null;
  /** Why nothing was kept, if not because of refused rows. */
  problem: string | null;
  /** The refused rows, up to a thousand. */
  refusals: RefusedRow[];
}
export interface RefusedRow {
  /** The line of the file, from 1. */
  line: number;
  /** Why the row can’t be kept. */
  reason: string;
}
/** An import of a file. */
export interface ImportAnswer {
  /** The import’s id. Starts with `imp_`. */
  id: string;
  /** `running`: its trades are being kept; `done`: they are; `refused`: nothing was kept; `undoing`, `undone`: it is being taken back, or was. */
  state: 'running' | 'done' | 'refused' | 'undoing' | 'undone';
  /** How far it is, from 0 to 1. */
  part: number;
  /** The name of the file; null: none was given. */
  file_name: string | null;
  /** The SHA-256 of the file, hex. */
  sha256: string;
  /** The parameters that it was sent with. */
  options: {
    [k: string]: string | boolean | null;
  };
  /** Who sent it. */
  by: AuditActor;
  /** When it was begun. In epoch milliseconds. */
  created_at: number;
  /** When it was done, or refused; null: not yet. In epoch milliseconds. */
  finished_at: number | null;
  /** How it was taken back; null: it was not. */
  undone: {
    /** `asked`: somebody wanted it; `conflict`: rows had become impossible while others were kept; `interrupted`: the process that kept them has ended. */
    reason: 'asked' | 'conflict' | 'interrupted';
    /** Whether trades that were changed since were taken back, too. */
    force: boolean;
    /** When that was finished; null: not yet. In epoch milliseconds. */
    at: number | null;
    /** How many trades were removed. */
    removed: number;
    /** How many were opened again. */
    reopened: number;
    /** How many stayed because another import, or the API, has them, too. */
    confirmed: number;
  } | null;
  /** The format of the file. */
  format: string;
  /** The account that the trades go into; null: it was not created. */
  account: {
    /** The account’s id; null: a dry run does not create it. Starts with `acc_`. */
    id: string | null;
    /** The account’s name. */
    nickname: string;
  } | null;
  /** The account’s currency, ISO 4217; empty while there is no account. */
  currency: string;
  /** Whether the file’s valid rows are kept. */
  kept: boolean;
  /** Whether it was only to be seen what would be kept. */
  dry_run: boolean;
  /** Rows that should be trades: once the import has ended, the sum of the seven counts that follow. */
  read: number;
  /** Rows that added a trade. */
  added: number;
  /** Trades that were open and are closed now. */
  closed: number;
  /** Rows that add nothing to what is stored, or to an earlier row. */
  already_there: number;
  /** Rows of trades that were corrected since; they stay as they are. */
  corrected: number;
  /** Rows of trades that were deleted since. */
  deleted: number;
  /** Rows that can’t be kept. */
  refused: number;
  /** Valid rows that were not kept because others were refused. */
  held_back: number;
  /** How many rows are no trades, by what they are. */
  passed_over: {
    [k: string]: number;
  };
  /** Set when times without a zone were taken as UTC. */
  assumed_zone: 'UTC' | null;
  /** Trades after today in every zone: a year may be mistyped. */
  in_future: OddTrades;
  /** Trades that began more than thirty years ago. */
  long_ago: OddTrades;
  /** A warning: the first import of the same file into another account, which counts its trades, too; null: there is none. */
  same_file_in: {
    /** That import’s id. Starts with `imp_`. */
    import_id: string;
    /** Its account’s id. Starts with `acc_`. */
    account_id: string;
    /** Its account’s name. */
    nickname: string;
  } | null;
  /** Why nothing was kept, if not because of refused rows. */
  problem: string | null;
  /** The refused rows, up to a thousand. */
  refusals: RefusedRow[];
  /** Of an import that was taken back: the ids of trades that stayed because they were changed or closed by API since, up to a thousand. */
  changed_since: string[];
}
/** The brand that the partner’s widgets show. */
export interface Branding {
  /** The accent colour, `#rrggbb`; null: the default of each theme. */
  primary_color: string | null;
  /** The https address of the logo; null: there is no logo. */
  logo_url: string | null;
  /** The https address of the logo on the light theme; null: `logo_url`. */
  logo_url_light: string | null;
  /** The https address of the logo on the dark theme; null: `logo_url`. */
  logo_url_dark: string | null;
  /** The name that is shown beside the logo, or instead of one; null: no name. */
  company_name: string | null;
  /** Whether “Powered by PropTally” is hidden. */
  hide_powered_by: boolean;
}
export interface StatsCardData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  stats: Stats;
  /** The number of winning trades. */
  wins: number;
  /** The number of losing trades. */
  losses: number;
  /** The number of trades with a P&L of exactly zero. */
  breakeven: number;
  /** The sum of the winning trades’ P&L. */
  grossProfit: number;
  /** The sum of the losing trades’ P&L, zero or below. */
  grossLoss: number;
  /** The days with trades, the oldest first. */
  dailyPnl: DailyPnl[];
}
export interface PerformanceSummaryData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  stats: Stats;
  /** The days with trades, the oldest first. */
  dailyPnl: DailyPnl[];
  /** The instruments by total P&L, the largest first. */
  instruments: InstrumentFigures[];
}
export interface InstrumentFigures {
  /** The symbol; for a future its root, such as MES. */
  symbol: string;
  /** The number of closed trades. */
  trades: number;
  /** The share of trades that won, rounded to one decimal. In per cent. */
  win_rate: number;
  /** The net P&L of these trades. */
  total_pnl: number;
  /** The share of trades that won, not rounded. In per cent. */
  winRateRaw: number;
  /** Gross profit / |gross loss|, not rounded; null: there are wins and no losses. */
  profitFactor: number | null;
}
export interface EquityCurveData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  /** The total P&L. */
  totalPnl: number;
  /** The number of closed trades. */
  tradeCount: number;
  /** The largest drawdown, trade by trade, zero or above. */
  maxDrawdown: number;
  /** The days with trades, the oldest first. */
  equityCurve: EquityPoint[];
  /** Where the curve stands by the account’s latest observation; null: there is none since the last trade was closed, or the figures are not of one account’s current attempt. */
  live: {
    /** When the account was observed. In epoch milliseconds. */
    observedAt: number;
    /** The total P&L with that of open positions. */
    equity: number;
  } | null;
}
export interface EquityPoint {
  /** The trading day. */
  day: string;
  /** The net P&L of the day. */
  pnl: number;
  /** The number of trades that were closed on the day. */
  trades: number;
  /** The running total of P&L at the close of the day. */
  equity: number;
  /** The highest running total at a close so far, at least zero. */
  peak: number;
  /** How far the close is below the peak, zero or above. */
  drawdown: number;
}
export interface LeaderboardData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  /** What the accounts or users are ranked by. */
  sort: 'pnl' | 'win_rate' | 'trades';
  /** The number of accounts or users that have a rank: those with trades. */
  total: number;
  /** Those with the first ranks, up to `limit`. */
  leaders: LeaderboardRow[];
  /** The account that was asked about or, by user, its user, whatever the rank; null: no account was asked about, or it has no rank. */
  own: LeaderboardRow | null;
}
export interface LeaderboardRow {
  /** The rank: 1, 2, … */
  rank: number;
  /** The account’s id; null: the row is a user’s. Starts with `acc_`. */
  account_id: string | null;
  /** By user: the user’s id; null: the account has no user. Starts with `usr_`. */
  user_id?: string | null;
  /** The account’s name; the user’s, or else that of its oldest account. */
  nickname: string;
  /** The net P&L of the account, or of the user’s accounts together. */
  total_pnl: number;
  /** The share of trades that won, rounded to one decimal. In per cent. */
  win_rate: number;
  /** The number of closed trades. */
  trade_count: number;
}
export interface TradeHeatmapData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  /** The number of closed trades. */
  tradeCount: number;
  /** The time zone of the trading days, such as America/Chicago. */
  day_zone: string;
  /** When the trading days begin by the clock of `day_zone`, `HH:MM`. Those that begin at 12:00 or later have the date on which they end. */
  day_start: string;
  /** The hours with trades, sorted by day of the week and hour. */
  heatmap: HeatmapCell[];
}
export interface HeatmapCell {
  /** The day of the week of the trading day of the entry; 0 is Sunday. */
  dow: number;
  /** The hours from the day’s start to the entry by the clock of `day_zone`, whole. */
  hour: number;
  /** The net P&L of the closed trades that were entered in this hour. */
  pnl: number;
  /** The number of these trades. */
  trades: number;
  /** The number of these trades that won. */
  wins: number;
}
export interface InstrumentBreakdownData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  /** The number of closed trades. */
  tradeCount: number;
  /** The instruments by total P&L, the largest first. */
  instruments: InstrumentFigures[];
}
/** The drawdown of the whole history. */
export interface DrawdownGaugeData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  /** The number of closed trades. */
  tradeCount: number;
  drawdown: DrawdownFigures;
  /** What takes the place of the figures of closed trades by the account’s latest observation; null: there is none since the last trade was closed, or the figures are not of one account’s current attempt. */
  live: LiveDrawdown | null;
}
/** The drawdown of the running total of P&L. */
export interface DrawdownFigures {
  /** The largest drawdown: the deepest fall of the running total from its peak, trade by trade, zero or above. */
  maxDrawdown: number;
  /** The same, measured at the days’ closes only. */
  maxDrawdownEod: number;
  /** How far the running total is below its peak now, zero or above. */
  currentDrawdown: number;
  /** The highest running total of P&L, at least zero. */
  peakEquity: number;
  /** The running total of P&L now. */
  currentEquity: number;
  /** The deepest fall as a share of its peak plus the starting balance; null: there is no starting balance, or several accounts are covered. In per cent. */
  maxDrawdownPct: number | null;
  /** The longest time from a peak until it was reached again, in ms; null for several accounts. */
  longestRecoveredMs: number | null;
  /** The time from the last peak to the last trade, in ms; 0 at a peak, null for several accounts. */
  currentUnderwaterMs: number | null;
  /** The drawdown against the limit, over the whole history; null without a limit. */
  gauge: {
    /** The limit: that of `max_drawdown`, or else the account’s own. */
    limit: number;
    /** The current drawdown as a share of the limit. In per cent. */
    used: number;
    /** The same as `used`, but at most 100. In per cent. */
    usedClamped: number;
    /** How much is left until the limit is reached, zero or above. */
    remaining: number;
    /** Whether the drawdown ever exceeded the limit. */
    everBreached: boolean;
    /** The first day on which the drawdown exceeded the limit; null: it never did. */
    breachedOn: string | null;
  } | null;
}
export interface LiveDrawdown {
  /** When the account was observed. In epoch milliseconds. */
  observedAt: number;
  /** The running total of P&L with that of open positions. */
  currentEquity: number;
  /** How far that is below the peak, which closed trades alone raise; zero or above. */
  currentDrawdown: number;
  /** The largest drawdown by closed trades, or this one if it is larger. */
  maxDrawdown: number;
  /** The live drawdown against the limit, breached also while it exceeds that; null without a limit. */
  gauge: {
    /** The limit: that of `max_drawdown`, or else the account’s own. */
    limit: number;
    /** The current drawdown as a share of the limit. In per cent. */
    used: number;
    /** The same as `used`, but at most 100. In per cent. */
    usedClamped: number;
    /** How much is left until the limit is reached, zero or above. */
    remaining: number;
    /** Whether the drawdown ever exceeded the limit. */
    everBreached: boolean;
    /** The first day on which the drawdown exceeded the limit; null: it never did. */
    breachedOn: string | null;
  } | null;
}
export interface WinStreakData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  /** The number of closed trades. */
  tradeCount: number;
  streak: StreakFigures;
  /** The P&L of the current streak; null for several accounts. */
  currentPnl: number | null;
}
/** Trades in a row that won or lost. */
export interface StreakFigures {
  /** The streak that the last trade belongs to. */
  current: {
    /** `none`: the last trade had a P&L of exactly zero, or there are no trades. */
    type: 'win' | 'loss' | 'none';
    /** The number of trades in the current streak. */
    length: number;
  };
  /** The most winning trades in a row. */
  longestWin: number;
  /** The most losing trades in a row. */
  longestLoss: number;
  /** The last outcomes, up to twenty, the oldest first: W (won), L (lost) or B (broke even). */
  recent: ('W' | 'L' | 'B')[];
}
export interface MonthlyCalendarData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The month that is shown. As YYYY-MM. */
  month: string;
  /** The month of the first trade; null: there are no trades. As YYYY-MM. */
  firstMonth: string | null;
  /** The month of the last trade, if that is later than the current month; otherwise absent. As YYYY-MM. */
  lastMonth?: string;
  /** The trading day that is under way. */
  today: string;
  /** The days with trades, the oldest first. */
  days: CalendarDay[];
  /** The P&L of the month. */
  totalPnl: number;
  /** The number of trades that were closed in the month. */
  trades: number;
  /** The number of days with a P&L above zero. */
  winDays: number;
  /** The number of days with a P&L below zero. */
  lossDays: number;
  /** The number of days with trades and a P&L of exactly zero. */
  flatDays: number;
}
export interface CalendarDay {
  /** The trading day. */
  day: string;
  /** The net P&L of the day. */
  pnl: number;
  /** The number of trades that were closed on the day. */
  trades: number;
  /** The number of winning trades on the day. */
  wins: number;
}
/** Every figure of a period. Except in `stats`, figures are not rounded, and an undefined one is null. */
export interface RiskMetricsData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The first trading day that the widget shows. For the period `all` it is the first day with trades; null: there are none. */
  from: string | null;
  /** The last trading day that the widget shows: today, or the last day with trades if that is later. */
  to: string;
  stats: Stats;
  raw: RawFigures;
  drawdown: DrawdownFigures;
  streak: StreakFigures;
  risk: RiskFigures;
  /** The days with trades, the oldest first. */
  dailyPnl: DailyPnl[];
}
/** Figures of the closed trades, not rounded. */
export interface RawFigures {
  /** The total P&L. */
  totalPnl: number;
  /** The sum of the winning trades’ P&L. */
  grossProfit: number;
  /** The sum of the losing trades’ P&L, zero or below. */
  grossLoss: number;
  /** The total commission, zero or below; the P&L includes it already. */
  totalCommission: number;
  /** The total P&L before commission. */
  grossPnlBeforeCommission: number;
  /** The number of winning trades. */
  wins: number;
  /** The number of losing trades. */
  losses: number;
  /** The number of trades with a P&L of exactly zero. */
  breakeven: number;
  /** The share of trades that won. In per cent. */
  winRate: number | null;
  /** The share of winners among the trades that won or lost. In per cent. */
  winRateExclBreakeven: number | null;
  /** The average P&L of a trade. */
  avgPnl: number | null;
  /** The average P&L of a winning trade. */
  avgWin: number | null;
  /** The average P&L of a losing trade, below zero. */
  avgLoss: number | null;
  /** The P&L of the best trade. */
  bestTrade: number | null;
  /** The P&L of the worst trade. */
  worstTrade: number | null;
  /** Gross profit / |gross loss|. */
  profitFactor: number | null;
  /** Average win / |average loss|. */
  riskReward: number | null;
  /** The P&L to expect of a trade: the average. */
  expectancy: number | null;
  /** Expectancy / |average loss|. */
  expectancyR: number | null;
  /** The sample standard deviation of the trades’ P&L. */
  stdTrade: number | null;
  /** The system quality number: √N · mean / standard deviation of the trades’ P&L. */
  sqn: number | null;
  /** The fraction of the capital that Kelly’s formula would stake. */
  kelly: number | null;
  /** The average time from entry to exit, in ms. */
  avgDurationMs: number | null;
}
/** Figures of the daily series. It has each Monday to Friday from the first day with trades to the last one that has begun in any time zone, with zero for days without trades, and the weekend days with trades. */
export interface RiskFigures {
  /** The number of days in the daily series. */
  n: number;
  /** The mean P&L of a day. */
  mean: number | null;
  /** The sample standard deviation of the days’ P&L. */
  std: number | null;
  /** The standard deviation for a year of 252 trading days: `std` · √252. */
  volAnnual: number | null;
  /** The Sharpe ratio: mean / standard deviation · √252. */
  sharpe: number | null;
  /** The Sortino ratio: mean / downside deviation · √252. */
  sortino: number | null;
  /** The downside deviation: √(mean of min(x, 0)²) over the days’ P&L. */
  downsideDev: number | null;
  /** The value at risk at 95 %: the loss that 95 of 100 days don’t exceed, zero or above. */
  var95: number | null;
  /** The value at risk at 99 %: the loss that 99 of 100 days don’t exceed, zero or above. */
  var99: number | null;
  /** The expected shortfall at 95 %: the average loss on the worst 5 % of the days, zero or above. */
  cvar95: number | null;
  /** The 5 % quantile of the days’ P&L. */
  quantile05: number | null;
  /** The value at risk at 95 % if the days’ P&L followed a normal distribution. */
  parametricVar95: number | null;
  /** Sum of the winning days / |sum of the losing days|. */
  dailyProfitFactor: number | null;
  /** The largest drawdown, trade by trade, zero or above. */
  maxDrawdown: number;
  /** The same as in `raw`. */
  riskReward: number | null;
  /** The same as in `raw`. */
  profitFactor: number | null;
  /** The same as in `raw`. */
  expectancy: number | null;
  /** The same as in `raw`. */
  sqn: number | null;
  /** The same as in `raw`. */
  kelly: number | null;
  /** Total P&L / largest drawdown. */
  recoveryFactor: number | null;
  /** The Calmar ratio: 252 · mean P&L of a day / largest drawdown. */
  calmar: number | null;
  /** The Ulcer index in money: √(mean of squared drawdowns) over the closes of the days with trades. */
  ulcerDollar: number | null;
  /** The Ulcer index with each drawdown as a share of its peak plus the starting balance. In per cent. */
  ulcerPct: number | null;
  /** The P&L of the best day. */
  bestDay: number | null;
  /** The P&L of the worst day. */
  worstDay: number | null;
  /** The number of days with trades. */
  activeDays: number;
  /** The share of the days with trades that have a P&L above zero. In per cent. */
  profitableDaysPct: number | null;
  /** Consistency: the best day’s share of the total P&L. In per cent. */
  bestDayPctOfProfit: number | null;
}
export interface RecentTradesData {
  /** The account that was asked about; null: the answer is about all accounts together. */
  account: AccountName | null;
  /** The currency of all amounts; nothing is converted. ISO 4217. */
  currency: string;
  /** How many accounts the answer covers. */
  accounts: {
    /** The number of accounts that the answer covers. */
    counted: number;
    /** The number of accounts left out, as they are in other currencies. */
    left_out: number;
  };
  /** The period that was asked for. */
  period: '7d' | '30d' | '90d' | '1y' | 'all';
  /** The latest closed trades, the last one first. */
  trades: RecentTrade[];
}
export interface RecentTrade {
  /** The trade’s id. */
  id: string;
  /** The id of the trade’s account. Starts with `acc_`. */
  account_id: string;
  /** The account’s name. */
  nickname: string;
  /** The symbol; for a future its root, such as MES. */
  symbol: string;
  /** `long`: bought first, then sold; `short`: the reverse. */
  direction: 'long' | 'short';
  /** The number of contracts, lots or shares. */
  quantity: number;
  /** The average price at which the trade was opened. */
  entry_price: number;
  /** The average price at which the trade was closed. */
  exit_price: number;
  /** When the trade was opened. In epoch milliseconds. */
  entry_time: number;
  /** When the trade was closed. In epoch milliseconds. */
  exit_time: number;
  /** The net P&L: what the account gained after commission, fees and swap. */
  pnl: number;
  /** The time from entry to exit, in ms. */
  durationMs: number;
}
export interface NewKeyAnswer {
  /** The key itself. It is shown in this response only. */
  key: string;
  /** The key’s id. Starts with `key_`. */
  id: string;
  /** The first eleven characters of the key. */
  prefix: string;
  /** The key’s label: what it is for. */
  label: string;
  /** The key’s scopes: what it may do. */
  scopes: (
    | 'embed:read'
    | 'stats:read'
    | 'stats:aggregate'
    | 'accounts:list'
    | 'webhooks:manage'
    | 'users:read'
    | 'users:write'
    | 'accounts:write'
    | 'trades:write'
  )[];
  /** The origins of the pages that may show widgets with this key; empty: all that the partner allows. */
  allowed_origins: string[];
  /** Whether the key is valid: not revoked, paused or expired. */
  is_active: boolean;
  /** When the key was created. In epoch milliseconds. */
  created_at: number;
  /** When the key expires; null: never. In epoch milliseconds. */
  expires_at: number | null;
  /** When the key was revoked; null: it is not revoked. In epoch milliseconds. */
  revoked_at: number | null;
  /** When the key was paused; null: it is not paused. In epoch milliseconds. */
  paused_at: number | null;
  /** When the key was last used; null: never. In epoch milliseconds. */
  last_used_at: number | null;
  /** The id of the key that replaced this one when it was rolled; null: it was not rolled. */
  replaced_by: string | null;
  /** A reminder to save the key, as it is not shown again. */
  message: string;
}
export interface KeysAnswer {
  /** The active keys, then the paused, then the expired and revoked ones; in each group the newest first. */
  keys: KeySummary[];
  /** How many keys may be active at once. */
  limit: number;
}
export interface KeySummary {
  /** The key’s id. Starts with `key_`. */
  id: string;
  /** The first eleven characters of the key. */
  prefix: string;
  /** The key’s label: what it is for. */
  label: string;
  /** The key’s scopes: what it may do. */
  scopes: (
    | 'embed:read'
    | 'stats:read'
    | 'stats:aggregate'
    | 'accounts:list'
    | 'webhooks:manage'
    | 'users:read'
    | 'users:write'
    | 'accounts:write'
    | 'trades:write'
  )[];
  /** The origins of the pages that may show widgets with this key; empty: all that the partner allows. */
  allowed_origins: string[];
  /** Whether the key is valid: not revoked, paused or expired. */
  is_active: boolean;
  /** When the key was created. In epoch milliseconds. */
  created_at: number;
  /** When the key expires; null: never. In epoch milliseconds. */
  expires_at: number | null;
  /** When the key was revoked; null: it is not revoked. In epoch milliseconds. */
  revoked_at: number | null;
  /** When the key was paused; null: it is not paused. In epoch milliseconds. */
  paused_at: number | null;
  /** When the key was last used; null: never. In epoch milliseconds. */
  last_used_at: number | null;
  /** The id of the key that replaced this one when it was rolled; null: it was not rolled. */
  replaced_by: string | null;
}
export interface RolledKeyAnswer {
  /** The key itself. It is shown in this response only. */
  key: string;
  /** The key’s id. Starts with `key_`. */
  id: string;
  /** The first eleven characters of the key. */
  prefix: string;
  /** The key’s label: what it is for. */
  label: string;
  /** The key’s scopes: what it may do. */
  scopes: (
    | 'embed:read'
    | 'stats:read'
    | 'stats:aggregate'
    | 'accounts:list'
    | 'webhooks:manage'
    | 'users:read'
    | 'users:write'
    | 'accounts:write'
    | 'trades:write'
  )[];
  /** The origins of the pages that may show widgets with this key; empty: all that the partner allows. */
  allowed_origins: string[];
  /** Whether the key is valid: not revoked, paused or expired. */
  is_active: boolean;
  /** When the key was created. In epoch milliseconds. */
  created_at: number;
  /** When the key expires; null: never. In epoch milliseconds. */
  expires_at: number | null;
  /** When the key was revoked; null: it is not revoked. In epoch milliseconds. */
  revoked_at: number | null;
  /** When the key was paused; null: it is not paused. In epoch milliseconds. */
  paused_at: number | null;
  /** When the key was last used; null: never. In epoch milliseconds. */
  last_used_at: number | null;
  /** The id of the key that replaced this one when it was rolled; null: it was not rolled. */
  replaced_by: string | null;
  /** A reminder to save the key, as it is not shown again. */
  message: string;
  /** The key that is replaced. */
  replaces: {
    /** The old key’s id. Starts with `key_`. */
    id: string;
    /** When the old key expires. In epoch milliseconds. */
    expires_at: number;
  };
}
export interface BrandingAnswer {
  branding: Branding;
  /** The partner’s tier. */
  tier: 'starter' | 'growth' | 'enterprise';
  /** Whether the partner’s tier may hide “Powered by PropTally”. */
  can_white_label: boolean;
}
export interface OriginsAnswer {
  /** The origins of the pages that may show the partner’s widgets; empty: any. */
  allowed_origins: string[];
}
export interface SettingsAnswer {
  /** The time zone of the trading day. */
  day_zone: string;
  /** When a trading day begins on the zone’s clock, as HH:MM. */
  day_start: string;
  /** The currency of aggregates. ISO 4217. */
  currency: string;
  /** The trading day that is going to be in force, while all is summed anew for it; null: none is. */
  changing: {
    /** The time zone of the trading day. */
    day_zone: string;
    /** When a trading day begins on the zone’s clock, as HH:MM. */
    day_start: string;
  } | null;
}
export interface EmbedTokenAnswer {
  /** The token itself. It is not stored. */
  token: string;
  /** When the token expires. In epoch milliseconds. */
  expires_at: number;
  /** The widgets that the token opens; null: all that the tier includes, but no leaderboard if the token names accounts or a user. */
  widgets:
    | (
        | 'stats-card'
        | 'performance-summary'
        | 'equity-curve'
        | 'leaderboard'
        | 'trade-heatmap'
        | 'instrument-breakdown'
        | 'drawdown-gauge'
        | 'win-streak'
        | 'monthly-calendar'
        | 'risk-metrics'
        | 'recent-trades'
      )[]
    | null;
  /** The id of the only account that the token opens; null: there is no single one. Starts with `acc_`. */
  account_id: string | null;
  /** The ids of the accounts that the token names, in order; null: it names none. */
  account_ids: string[] | null;
  /** The id of the user whose accounts the token opens; null: it names none. A token that names neither opens all accounts. Starts with `usr_`. */
  user_id: string | null;
}
export interface AddressesAnswer {
  /** The addresses that may sign in for the partner. */
  addresses: {
    /** The e-mail address, in lower case. */
    email: string;
    /** When the address was added. In epoch milliseconds. */
    created_at: number;
  }[];
}
export interface LoginLinkAnswer {
  /** The link. It opens the user’s page once, on one device. */
  url: string;
  /** When the link expires; a mailed one, when it was sent at once. In epoch milliseconds. */
  expires_at: number;
  /** Whether the link is mailed to the user, too. */
  sent: boolean;
}
export interface ObservationsWritten {
  /** The number of observations that were sent. */
  observations: number;
  /** The number of accounts that they are of. */
  accounts: number;
  /** The number of these accounts of which something was kept that was not there already. */
  changed: number;
}
export interface NewWebhookAnswer {
  /** The webhook’s id. Starts with `wh_`. */
  id: string;
  /** Where events are sent to. */
  url: string;
  /** What it is for; null: nothing was said. */
  description: string | null;
  /** The types of events that are sent. */
  events: (
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
  )[];
  /** Whether events are sent. The server sets it to false itself when the webhook answers 410, or has only failed for five days. */
  is_active: boolean;
  /** When something was last sent to it; null: never. In epoch milliseconds. */
  last_triggered_at: number | null;
  /** How many attempts have failed since the last one that succeeded. */
  failure_count: number;
  /** When it was created. In epoch milliseconds. */
  created_at: number;
  /** The secret that signs what is sent: `whsec_` and 32 bytes in base64. It is shown in this response only. */
  secret: string;
  /** A reminder to save the secret, as it is not shown again. */
  message: string;
}
export interface WebhooksAnswer {
  /** The webhooks, the oldest first. */
  webhooks: Webhook[];
  /** The types of events that there are. */
  available_events: (
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
  )[];
  /** How many webhooks a partner may have. */
  limit: number;
}
export interface Webhook {
  /** The webhook’s id. Starts with `wh_`. */
  id: string;
  /** Where events are sent to. */
  url: string;
  /** What it is for; null: nothing was said. */
  description: string | null;
  /** The types of events that are sent. */
  events: (
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
  )[];
  /** Whether events are sent. The server sets it to false itself when the webhook answers 410, or has only failed for five days. */
  is_active: boolean;
  /** When something was last sent to it; null: never. In epoch milliseconds. */
  last_triggered_at: number | null;
  /** How many attempts have failed since the last one that succeeded. */
  failure_count: number;
  /** When it was created. In epoch milliseconds. */
  created_at: number;
}
export interface RotatedSecretAnswer {
  /** The webhook’s id. Starts with `wh_`. */
  id: string;
  /** Where events are sent to. */
  url: string;
  /** What it is for; null: nothing was said. */
  description: string | null;
  /** The types of events that are sent. */
  events: (
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
  )[];
  /** Whether events are sent. The server sets it to false itself when the webhook answers 410, or has only failed for five days. */
  is_active: boolean;
  /** When something was last sent to it; null: never. In epoch milliseconds. */
  last_triggered_at: number | null;
  /** How many attempts have failed since the last one that succeeded. */
  failure_count: number;
  /** When it was created. In epoch milliseconds. */
  created_at: number;
  /** The secret that signs what is sent: `whsec_` and 32 bytes in base64. It is shown in this response only. */
  secret: string;
  /** A reminder to save the secret, as it is not shown again. */
  message: string;
  /** Until when the old secret signs as well; null: it does not any more. In epoch milliseconds. */
  old_secret_expires_at: number | null;
}
export interface Delivery {
  /** The delivery’s id, which no other one of the webhook has. Starts with `dlv_`. */
  id: string;
  /** The event’s id, which is also the header `webhook-id`. */
  event_id: string;
  /** The type of event. */
  event:
    | 'trade.created'
    | 'trade.updated'
    | 'milestone.reached'
    | 'account.created'
    | 'account.updated'
    | 'daily_summary'
    | 'trade.deleted'
    | 'import.completed'
    | 'test';
  /** `waiting`: it is on its way, or will be tried again; `failed`: it was tried ten times; `canceled`: what it told was erased before it was delivered. */
  state: 'waiting' | 'delivered' | 'failed' | 'canceled';
  /** When the event happened. In epoch milliseconds. */
  created_at: number;
  /** When it is tried next; null: it is not. In epoch milliseconds. */
  next_attempt_at: number | null;
  /** The attempts, the oldest first; of more than twenty the last twenty. */
  attempts: DeliveryAttempt[];
}
export interface DeliveryAttempt {
  /** When it began. In epoch milliseconds. */
  at: number;
  /** The HTTP status of the answer; null: there was none. */
  status: number | null;
  /** How long it took, in ms. */
  duration_ms: number;
  /** Why there was no answer; null: there was one. `timeout`: There was no complete answer within ten seconds. `no_public_address`: The host has no public address: nothing is sent to loopback, private, link-local and other special ones. `connection_refused`: The host accepts no connection at this port. `connection_failed`: The connection could not be made, or broke. `tls_failed`: The TLS certificate is not valid for this host, or there is no TLS. `invalid_answer`: The answer is not HTTP that can be read, or its headers are too large. */
  error:
    | (
        | 'timeout'
        | 'no_public_address'
        | 'connection_refused'
        | 'connection_failed'
        | 'tls_failed'
        | 'invalid_answer'
      )
    | null;
  /** The first 16 KB of the answer’s body; null: it is not kept any more. Short ones are kept as long as the attempt, of long ones the last thousand of the webhook. */
  answer: string | null;
}
export interface ReplayAnswer {
  /** How many deliveries are sent again. */
  replayed: number;
  /** What to send as `cursor`, with the same range, to go on; null: the range is done. */
  next: string | null;
}
export interface StreamMessage {
  /** The account that has a new revision: its id for a token that names accounts or a user, else the SHA-256 of its id in hex digits. Null: anything may be different. */
  account: string | null;
  /** The account’s revision, or the partner’s if no account is named. */
  revision: number;
  /** Whether nothing but what the account was observed to be worth is new, which raises no revision. */
  observed: boolean;
  /** Over how many ms clients are to spread what they ask now. */
  within: number;
}
export interface DashboardAnswer {
  /** The partner that the caller belongs to. */
  partner: {
    /** The partner’s id. Starts with `ptr_`. */
    id: string;
    /** The firm’s name. */
    name: string;
    /** The e-mail address at which the firm is reached. */
    contact_email: string;
    /** The partner’s tier. */
    tier: 'starter' | 'growth' | 'enterprise';
    /** The state of the firm’s subscription. */
    billing_status: 'active' | 'trialing' | 'past_due' | 'canceled';
    /** When the partner was created. In epoch milliseconds. */
    created_at: number;
  };
  /** The partner’s keys, in the order of `KeysAnswer`, with their quotas. */
  keys: DashboardKey[];
  /** The quota that all embed tokens share. */
  tokens: SpentQuota;
  usage: Usage;
  /** What the tier allows. */
  limits: {
    /** The limit of requests for each key and each UTC day. */
    daily_requests: number;
    /** The widgets that the tier includes. */
    embed_widgets: (
      | 'stats-card'
      | 'performance-summary'
      | 'equity-curve'
      | 'leaderboard'
      | 'trade-heatmap'
      | 'instrument-breakdown'
      | 'drawdown-gauge'
      | 'win-streak'
      | 'monthly-calendar'
      | 'risk-metrics'
      | 'recent-trades'
    )[];
    /** The names of the tier’s features. */
    features: string[];
  };
}
export interface DashboardKey {
  /** The key’s id. Starts with `key_`. */
  id: string;
  /** The first eleven characters of the key. */
  prefix: string;
  /** The key’s label: what it is for. */
  label: string;
  /** The key’s scopes: what it may do. */
  scopes: (
    | 'embed:read'
    | 'stats:read'
    | 'stats:aggregate'
    | 'accounts:list'
    | 'webhooks:manage'
    | 'users:read'
    | 'users:write'
    | 'accounts:write'
    | 'trades:write'
  )[];
  /** The origins of the pages that may show widgets with this key; empty: all that the partner allows. */
  allowed_origins: string[];
  /** Whether the key is valid: not revoked, paused or expired. */
  is_active: boolean;
  /** When the key was created. In epoch milliseconds. */
  created_at: number;
  /** When the key expires; null: never. In epoch milliseconds. */
  expires_at: number | null;
  /** When the key was revoked; null: it is not revoked. In epoch milliseconds. */
  revoked_at: number | null;
  /** When the key was paused; null: it is not paused. In epoch milliseconds. */
  paused_at: number | null;
  /** When the key was last used; null: never. In epoch milliseconds. */
  last_used_at: number | null;
  /** The id of the key that replaced this one when it was rolled; null: it was not rolled. */
  replaced_by: string | null;
  /** The limit of requests for each UTC day. */
  rate_limit_daily: number;
  /** The number of requests that have counted against the limit this UTC day. A rolled key and its replacement share one limit. */
  requests_today: number;
}
export interface SpentQuota {
  /** The limit of requests for each UTC day. */
  rate_limit_daily: number;
  /** The number of requests that have counted against the limit this UTC day. A rolled key and its replacement share one limit. */
  requests_today: number;
}
/** The requests by keys and embed tokens in the last 30 days, today included. */
export interface Usage {
  /** The number of requests by keys and embed tokens in the last 30 days, today included. */
  total_30d: number;
  /** The number of these that got a status of 400 or above. */
  errors_30d: number;
  /** The days with requests, the oldest first. */
  daily: {
    /** The day, UTC. */
    day: string;
    /** The number of requests on the day. */
    requests: number;
    /** The average time that a response took, in ms. */
    avg_ms: number;
    /** The number of requests on the day that got a status of 400 or above. */
    errors: number;
  }[];
  /** The endpoints with requests, the busiest first. */
  by_endpoint: {
    /** The path, as this document writes it. */
    endpoint: string;
    /** The HTTP method: GET, POST, … */
    method: string;
    /** The number of requests in the last 30 days. */
    requests: number;
  }[];
}
export interface AuditAnswer {
  /** The entries, the newest first. */
  entries: AuditEntry[];
  /** The `before` of the next page; null: there are no older entries. */
  next: number | null;
}
export interface AuditEntry {
  /** The entry’s number. The entries of a partner are numbered 1, 2, … in their order. */
  number: number;
  /** When it happened. In epoch milliseconds. */
  at: number;
  actor: AuditActor;
  /** What was done. */
  action:
    | 'key.created'
    | 'key.changed'
    | 'key.paused'
    | 'key.resumed'
    | 'key.rolled'
    | 'key.revoked'
    | 'branding.changed'
    | 'origins.changed'
    | 'settings.changed'
    | 'embed_token.created'
    | 'embed_tokens.revoked'
    | 'address.added'
    | 'address.removed'
    | 'link.created'
    | 'session.opened'
    | 'session.ended'
    | 'trader_link.created'
    | 'trader_sessions.ended'
    | 'partner.changed'
    | 'user.created'
    | 'user.changed'
    | 'user.erased'
    | 'account.created'
    | 'account.changed'
    | 'account.closed'
    | 'account.reopened'
    | 'account.reset'
    | 'account.erased'
    | 'trades.deleted'
    | 'import.undone'
    | 'webhook.created'
    | 'webhook.changed'
    | 'webhook.secret_rotated'
    | 'webhook.old_secret_ended'
    | 'webhook.deleted'
    | 'webhook.disabled'
    | 'deliveries.replayed';
  /** The id of what was acted on, or the e-mail address. For a new embed token it is the id of the key that made it, or null. */
  subject: string | null;
  /** The new values; empty where there are none. */
  details: {
    [k: string]: unknown;
  };
}
export interface DeliveriesAnswer {
  /** Deliveries, the newest first. What was never tried is not among them. */
  deliveries: Delivery[];
  /** The `cursor` of the next page; null: there are no more. */
  next: string | null;
}
/** The body of every error response. */
export interface ErrorAnswer {
  /** What is wrong, as a sentence for people. */
  error: string;
  /** What is wrong, as a code for programs. */
  code:
    | 'malformed_request'
    | 'expectation_failed'
    | 'headers_too_large'
    | 'request_timeout'
    | 'method_not_allowed'
    | 'not_found'
    | 'invalid_encoding'
    | 'invalid_parameters'
    | 'unsupported_media_type'
    | 'body_too_large'
    | 'incomplete_body'
    | 'invalid_json'
    | 'invalid_body'
    | 'missing_key'
    | 'invalid_key'
    | 'invalid_token'
    | 'outside_token'
    | 'publishable_key'
    | 'missing_scope'
    | 'tier_required'
    | 'beyond_key'
    | 'sign_in_required'
    | 'foreign_page'
    | 'origin_not_allowed'
    | 'too_many_requests'
    | 'daily_limit_reached'
    | 'too_many_streams'
    | 'key_in_use'
    | 'key_ended'
    | 'key_paused'
    | 'already_rolled'
    | 'too_many_keys'
    | 'too_many_addresses'
    | 'too_many_webhooks'
    | 'already_rotated'
    | 'webhooks_off'
    | 'last_address'
    | 'other_currency'
    | 'conflict'
    | 'deleted'
    | 'account_closed'
    | 'sums_too_large'
    | 'imports_running'
    | 'unreadable_file'
    | 'import_refused'
    | 'rows_refused'
    | 'request_running'
    | 'idempotency_key_reused'
    | 'cursor_gone'
    | 'invalid_link'
    | 'internal_error'
    | 'storage_unavailable';
  /** For invalid parameters, bodies and conflicts: every problem, up to a hundred. */
  details?: {
    /** The parameter or field with the problem. */
    path: string;
    /** What is wrong with it. */
    message: string;
    /** Of a row of a batch: what is wrong, as a code for programs. */
    code?:
      | 'malformed_request'
      | 'expectation_failed'
      | 'headers_too_large'
      | 'request_timeout'
      | 'method_not_allowed'
      | 'not_found'
      | 'invalid_encoding'
      | 'invalid_parameters'
      | 'unsupported_media_type'
      | 'body_too_large'
      | 'incomplete_body'
      | 'invalid_json'
      | 'invalid_body'
      | 'missing_key'
      | 'invalid_key'
      | 'invalid_token'
      | 'outside_token'
      | 'publishable_key'
      | 'missing_scope'
      | 'tier_required'
      | 'beyond_key'
      | 'sign_in_required'
      | 'foreign_page'
      | 'origin_not_allowed'
      | 'too_many_requests'
      | 'daily_limit_reached'
      | 'too_many_streams'
      | 'key_in_use'
      | 'key_ended'
      | 'key_paused'
      | 'already_rolled'
      | 'too_many_keys'
      | 'too_many_addresses'
      | 'too_many_webhooks'
      | 'already_rotated'
      | 'webhooks_off'
      | 'last_address'
      | 'other_currency'
      | 'conflict'
      | 'deleted'
      | 'account_closed'
      | 'sums_too_large'
      | 'imports_running'
      | 'unreadable_file'
      | 'import_refused'
      | 'rows_refused'
      | 'request_running'
      | 'idempotency_key_reused'
      | 'cursor_gone'
      | 'invalid_link'
      | 'internal_error'
      | 'storage_unavailable';
    /** In a conflict: the value that is stored. */
    stored?: string | number | null;
    /** In a conflict: the value that was sent. */
    given?: string | number | null;
  }[];
  /** Of a file with refused rows: what became of it, and all that were refused. */
  import?: ImportReport;
  /** For a cursor that is gone: the oldest one there is. */
  cursor?: string;
}
