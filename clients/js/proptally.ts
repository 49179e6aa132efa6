/** Made from the API’s document by `npm run clients`: don’t edit it. */

import { Connection } from './connection.ts';
import type { Messages } from './follow.ts';
import type { List } from './list.ts';
import type { PostOptions, PropTallyOptions } from './request.ts';
import type { CallOptions } from './send.ts';
import type * as api from './types.ts';

/**
 * A PropTally server. Its methods are the operations of the API’s document, by their names. They
 * throw a PropTallyError, and a TypeError for parameters that can’t be sent.
 */
export class PropTally {
  readonly #connection: Connection;

  constructor(options: PropTallyOptions) {
    this.#connection = new Connection(options);
  }

  /**
   * Reads the statistics of a period, for one account or for all.
   * Needs the scope `stats:read` if `account_id` is given, else `stats:aggregate`.
   */
  readStats(
    parameters: api.ReadStatsParameters = {},
    options: CallOptions = {},
  ): Promise<api.StatsAnswer> {
    return this.#connection.ask<api.StatsAnswer>(
      {
        method: 'GET',
        path: '/api/partner/stats',
        query: ['account_id', 'attempt', 'currency', 'period'],
      },
      parameters,
      options,
    );
  }

  /**
   * Reads the statistics of a period for up to 100 accounts, each by itself.
   * Needs the scope `stats:read`. Needs the growth tier or a larger one.
   */
  readStatsOfAccounts(
    parameters: api.ReadStatsOfAccountsParameters,
    options: CallOptions = {},
  ): Promise<api.BulkAnswer> {
    return this.#connection.ask<api.BulkAnswer>(
      {
        method: 'GET',
        path: '/api/partner/stats/bulk',
        query: ['account_id', 'attempt', 'period'],
      },
      parameters,
      options,
    );
  }

  /**
   * Lists trading accounts, with basic statistics: filtered and in pages.
   * Needs the scope `accounts:list`.
   */
  listAccounts(
    parameters: api.ListAccountsParameters = {},
    options: CallOptions = {},
  ): List<api.AccountsAnswer, api.AccountsAnswer['accounts'][number]> {
    return this.#connection.list<api.AccountsAnswer, api.AccountsAnswer['accounts'][number]>(
      {
        method: 'GET',
        path: '/api/partner/accounts',
        query: ['firm_id', 'user_id', 'status', 'q', 'limit', 'offset', 'cursor'],
      },
      { parameter: 'cursor', items: 'accounts' },
      parameters,
      options,
    );
  }

  /**
   * Creates an account, or finds the one with the external id.
   * Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
   */
  createAccount(
    parameters: api.CreateAccountParameters,
    options: PostOptions = {},
  ): Promise<api.AccountAnswer> {
    return this.#connection.ask<api.AccountAnswer>(
      { method: 'POST', path: '/api/partner/accounts', body: 'json', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Reads an account, with the figures of its current attempt or of another.
   * Needs the scope `accounts:list`.
   */
  readAccount(
    parameters: api.ReadAccountParameters,
    options: CallOptions = {},
  ): Promise<api.AccountAnswer> {
    return this.#connection.ask<api.AccountAnswer>(
      { method: 'GET', path: '/api/partner/accounts/{account_id}', query: ['attempt'] },
      parameters,
      options,
    );
  }

  /**
   * Changes the fields of an account that are sent. Null removes a value.
   * Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
   */
  changeAccount(
    parameters: api.ChangeAccountParameters,
    options: CallOptions = {},
  ): Promise<api.AccountAnswer> {
    return this.#connection.ask<api.AccountAnswer>(
      { method: 'PATCH', path: '/api/partner/accounts/{account_id}', body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Erases an account with its trades, and everything derived from them.
   * Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
   */
  eraseAccount(
    parameters: api.EraseAccountParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/accounts/{account_id}' },
      parameters,
      options,
    );
  }

  /**
   * Lists all trades of an account’s attempt by time of entry, to be read to the end.
   * Needs the scope `stats:read`.
   */
  listAccountTrades(
    parameters: api.ListAccountTradesParameters,
    options: CallOptions = {},
  ): List<api.AccountTradesAnswer, api.AccountTradesAnswer['trades'][number]> {
    return this.#connection.list<
      api.AccountTradesAnswer,
      api.AccountTradesAnswer['trades'][number]
    >(
      {
        method: 'GET',
        path: '/api/partner/accounts/{account_id}/trades',
        query: ['attempt', 'status', 'order', 'limit', 'cursor'],
      },
      { parameter: 'cursor', items: 'trades' },
      parameters,
      options,
    );
  }

  /**
   * Lists the trades of one account: filtered, sorted and in pages.
   * Needs the scope `stats:read`.
   */
  listTrades(
    parameters: api.ListTradesParameters,
    options: CallOptions = {},
  ): List<api.TradesAnswer, api.TradesAnswer['trades'][number]> {
    return this.#connection.list<api.TradesAnswer, api.TradesAnswer['trades'][number]>(
      {
        method: 'GET',
        path: '/api/partner/trades',
        query: [
          'account_id',
          'attempt',
          'page',
          'limit',
          'period',
          'symbol',
          'direction',
          'status',
          'sort',
          'order',
        ],
      },
      { parameter: 'page', items: 'trades' },
      parameters,
      options,
    );
  }

  /**
   * Adds a trade, or a batch of trades; one that is there already is found, or changed.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  sendTrades(
    parameters: api.SendTradesParameters,
    options: PostOptions = {},
  ): Promise<api.TradesFound | api.TradesSent> {
    return this.#connection.ask<api.TradesFound | api.TradesSent>(
      {
        method: 'POST',
        path: '/api/partner/trades',
        query: ['partial', 'upsert', 'restore'],
        body: 'json',
        isRepeatable: true,
      },
      parameters,
      options,
    );
  }

  /**
   * Changes the sent fields of a batch of trades.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  changeTrades(
    parameters: api.ChangeTradesParameters,
    options: CallOptions = {},
  ): Promise<api.TradesWritten> {
    return this.#connection.ask<api.TradesWritten>(
      { method: 'PATCH', path: '/api/partner/trades', query: ['partial'], body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Deletes a batch of trades.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  deleteTrades(
    parameters: api.DeleteTradesParameters,
    options: CallOptions = {},
  ): Promise<api.TradesWritten> {
    return this.#connection.ask<api.TradesWritten>(
      { method: 'DELETE', path: '/api/partner/trades', query: ['partial'], body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Reads one trade of an account, of whatever attempt.
   * Needs the scope `stats:read`.
   */
  readTrade(
    parameters: api.ReadTradeParameters,
    options: CallOptions = {},
  ): Promise<api.TradeDetails> {
    return this.#connection.ask<api.TradeDetails>(
      { method: 'GET', path: '/api/partner/trades/{id}', query: ['account_id'] },
      parameters,
      options,
    );
  }

  /**
   * Replaces a trade. A closed one stays closed unless its exit is set to null.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  replaceTrade(
    parameters: api.ReplaceTradeParameters,
    options: CallOptions = {},
  ): Promise<api.TradeDetails> {
    return this.#connection.ask<api.TradeDetails>(
      { method: 'PUT', path: '/api/partner/trades/{id}', query: ['account_id'], body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Changes the fields of a trade that are sent.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  changeTrade(
    parameters: api.ChangeTradeParameters,
    options: CallOptions = {},
  ): Promise<api.TradeDetails> {
    return this.#connection.ask<api.TradeDetails>(
      { method: 'PATCH', path: '/api/partner/trades/{id}', query: ['account_id'], body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Deletes a trade. It does not come back with the file that it came from.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  deleteTrade(
    parameters: api.DeleteTradeParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/trades/{id}', query: ['account_id'] },
      parameters,
      options,
    );
  }

  /**
   * Lists users with their accounts, the oldest first.
   * Needs the scope `users:read`.
   */
  listUsers(
    parameters: api.ListUsersParameters = {},
    options: CallOptions = {},
  ): List<api.UsersAnswer, api.UsersAnswer['users'][number]> {
    return this.#connection.list<api.UsersAnswer, api.UsersAnswer['users'][number]>(
      { method: 'GET', path: '/api/partner/users', query: ['limit', 'cursor'] },
      { parameter: 'cursor', items: 'users' },
      parameters,
      options,
    );
  }

  /**
   * Creates a user, or finds the one with the external id.
   * Needs the scope `users:write`. A key that has `embed:read` alone is refused.
   */
  createUser(
    parameters: api.CreateUserParameters = {},
    options: PostOptions = {},
  ): Promise<api.UserAnswer> {
    return this.#connection.ask<api.UserAnswer>(
      { method: 'POST', path: '/api/partner/users', body: 'json', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Reads a user with its accounts.
   * Needs the scope `users:read`.
   */
  readUser(parameters: api.ReadUserParameters, options: CallOptions = {}): Promise<api.UserAnswer> {
    return this.#connection.ask<api.UserAnswer>(
      { method: 'GET', path: '/api/partner/users/{id}' },
      parameters,
      options,
    );
  }

  /**
   * Changes the fields of a user that are sent. Null removes a value.
   * Needs the scope `users:write`. A key that has `embed:read` alone is refused.
   */
  changeUser(
    parameters: api.ChangeUserParameters,
    options: CallOptions = {},
  ): Promise<api.UserAnswer> {
    return this.#connection.ask<api.UserAnswer>(
      { method: 'PATCH', path: '/api/partner/users/{id}', body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Erases a user with all accounts and trades, and everything derived from them.
   * Needs the scope `users:write`. A key that has `embed:read` alone is refused.
   */
  eraseUser(
    parameters: api.EraseUserParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/users/{id}' },
      parameters,
      options,
    );
  }

  /**
   * Lists what happened in the last 30 days, the oldest first.
   * Needs the scope `webhooks:manage`.
   */
  listEvents(
    parameters: api.ListEventsParameters = {},
    options: CallOptions = {},
  ): List<api.EventsAnswer, api.EventsAnswer['events'][number]> {
    return this.#connection.list<api.EventsAnswer, api.EventsAnswer['events'][number]>(
      { method: 'GET', path: '/api/partner/events', query: ['after', 'types', 'limit'] },
      { parameter: 'after', items: 'events' },
      parameters,
      options,
    );
  }

  /**
   * Lists the files that were imported, the newest first.
   * Needs the scope `trades:write` or `stats:read`.
   */
  listImports(
    parameters: api.ListImportsParameters = {},
    options: CallOptions = {},
  ): List<api.ImportsAnswer, api.ImportsAnswer['imports'][number]> {
    return this.#connection.list<api.ImportsAnswer, api.ImportsAnswer['imports'][number]>(
      { method: 'GET', path: '/api/partner/imports', query: ['account_id', 'limit', 'cursor'] },
      { parameter: 'cursor', items: 'imports' },
      parameters,
      options,
    );
  }

  /**
   * Imports the trades of a broker’s file into an account.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  importFile(
    parameters: api.ImportFileParameters,
    options: CallOptions = {},
  ): Promise<api.ImportReport | api.ImportAnswer> {
    return this.#connection.ask<api.ImportReport | api.ImportAnswer>(
      {
        method: 'POST',
        path: '/api/partner/imports',
        query: [
          'account_id',
          'nickname',
          'user_id',
          'external_id',
          'firm_id',
          'firm',
          'currency',
          'starting_balance',
          'max_drawdown',
          'file_name',
          'format',
          'timezone',
          'skip_bad',
          'dry_run',
          'restore',
          'events',
        ],
        body: 'file',
      },
      parameters,
      options,
    );
  }

  /**
   * Reads what became of a file, or how far its import is.
   * Needs the scope `trades:write` or `stats:read`.
   */
  readImport(
    parameters: api.ReadImportParameters,
    options: CallOptions = {},
  ): Promise<api.ImportAnswer> {
    return this.#connection.ask<api.ImportAnswer>(
      { method: 'GET', path: '/api/partner/imports/{id}' },
      parameters,
      options,
    );
  }

  /**
   * Takes an import back: removes the trades that it added, and opens those that it closed.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  undoImport(
    parameters: api.UndoImportParameters,
    options: CallOptions = {},
  ): Promise<api.ImportAnswer> {
    return this.#connection.ask<api.ImportAnswer>(
      { method: 'DELETE', path: '/api/partner/imports/{id}', query: ['force'] },
      parameters,
      options,
    );
  }

  /**
   * Reads all that a widget needs: its data, the branding and the revision.
   * Needs the scope `embed:read` or `stats:read` if `account_id` is given (except for `leaderboard`), else `embed:read` or `stats:aggregate`. An invalid value is replaced by the nearest valid one, or else by the default; but an unknown `widget`, `account_id` or `attempt` gets a 404, and a credential that is twice in the query a 400.
   */
  readWidget(
    parameters: api.ReadWidgetParameters,
    options: CallOptions = {},
  ): Promise<api.WidgetAnswer> {
    return this.#connection.ask<api.WidgetAnswer>(
      {
        method: 'GET',
        path: '/api/partner/widgets/{widget}',
        query: [
          'account_id',
          'attempt',
          'firm_id',
          'period',
          'month',
          'sort',
          'by',
          'status',
          'limit',
          'max_drawdown',
          'currency',
          'stream',
        ],
      },
      parameters,
      options,
    );
  }

  /**
   * Creates a key. The key itself is shown in this response only.
   * A key that has `embed:read` alone is refused.
   */
  createKey(
    parameters: api.CreateKeyParameters = {},
    options: PostOptions = {},
  ): Promise<api.NewKeyAnswer> {
    return this.#connection.ask<api.NewKeyAnswer>(
      { method: 'POST', path: '/api/partner/keys', body: 'json', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Revokes a key. It is refused from the next request on.
   * A key that has `embed:read` alone is refused.
   */
  revokeKeyByQuery(
    parameters: api.RevokeKeyByQueryParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/keys', query: ['key_id'] },
      parameters,
      options,
    );
  }

  /**
   * Lists the partner’s keys, without the keys themselves.
   * A key that has `embed:read` alone is refused.
   */
  listKeys(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.KeysAnswer> {
    return this.#connection.ask<api.KeysAnswer>(
      { method: 'GET', path: '/api/partner/keys' },
      parameters,
      options,
    );
  }

  /**
   * Changes a key’s label, scopes, expiry and allowed origins, or pauses or resumes it.
   * A key that has `embed:read` alone is refused.
   */
  changeKey(
    parameters: api.ChangeKeyParameters,
    options: CallOptions = {},
  ): Promise<api.KeySummary> {
    return this.#connection.ask<api.KeySummary>(
      { method: 'PATCH', path: '/api/partner/keys/{id}', body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Revokes a key. It is refused from the next request on.
   * A key that has `embed:read` alone is refused.
   */
  revokeKey(
    parameters: api.RevokeKeyParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/keys/{id}' },
      parameters,
      options,
    );
  }

  /**
   * Replaces a key with a new one. Both are valid until the overlap ends.
   * A key that has `embed:read` alone is refused.
   */
  rollKey(
    parameters: api.RollKeyParameters,
    options: PostOptions = {},
  ): Promise<api.RolledKeyAnswer> {
    return this.#connection.ask<api.RolledKeyAnswer>(
      { method: 'POST', path: '/api/partner/keys/{id}/roll', body: 'json', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Changes the fields of the brand that are sent. Null removes a value.
   * A key that has `embed:read` alone is refused.
   */
  changeBranding(
    parameters: api.ChangeBrandingParameters = {},
    options: CallOptions = {},
  ): Promise<api.BrandingAnswer> {
    return this.#connection.ask<api.BrandingAnswer>(
      { method: 'PUT', path: '/api/partner/branding', body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Reads the brand that the partner’s widgets show.
   * A key that has `embed:read` alone is refused.
   */
  readBranding(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.BrandingAnswer> {
    return this.#connection.ask<api.BrandingAnswer>(
      { method: 'GET', path: '/api/partner/branding' },
      parameters,
      options,
    );
  }

  /**
   * Replaces the origins of the pages that may show the partner’s widgets. An empty list allows any.
   * A key that has `embed:read` alone is refused.
   */
  replaceOrigins(
    parameters: api.ReplaceOriginsParameters,
    options: CallOptions = {},
  ): Promise<api.OriginsAnswer> {
    return this.#connection.ask<api.OriginsAnswer>(
      { method: 'PUT', path: '/api/partner/origins', body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Lists the origins of the pages that may show the partner’s widgets.
   * A key that has `embed:read` alone is refused.
   */
  readOrigins(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.OriginsAnswer> {
    return this.#connection.ask<api.OriginsAnswer>(
      { method: 'GET', path: '/api/partner/origins' },
      parameters,
      options,
    );
  }

  /**
   * Reads when the partner’s trading days begin, and its currency.
   * A key that has `embed:read` alone is refused.
   */
  readSettings(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.SettingsAnswer> {
    return this.#connection.ask<api.SettingsAnswer>(
      { method: 'GET', path: '/api/partner/settings' },
      parameters,
      options,
    );
  }

  /**
   * Creates an embed token, which a page uses instead of a key.
   * Needs the scope `embed:read`. A key that has `embed:read` alone is refused.
   */
  createEmbedToken(
    parameters: api.CreateEmbedTokenParameters = {},
    options: PostOptions = {},
  ): Promise<api.EmbedTokenAnswer> {
    return this.#connection.ask<api.EmbedTokenAnswer>(
      { method: 'POST', path: '/api/partner/embed-tokens', body: 'json', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Revokes all embed tokens of the partner.
   * A key that has `embed:read` alone is refused.
   */
  revokeEmbedTokens(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/embed-tokens' },
      parameters,
      options,
    );
  }

  /**
   * Lists the addresses that may sign in for the partner.
   * A key that has `embed:read` alone is refused.
   */
  listAddresses(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.AddressesAnswer> {
    return this.#connection.ask<api.AddressesAnswer>(
      { method: 'GET', path: '/api/partner/addresses' },
      parameters,
      options,
    );
  }

  /**
   * Makes a link to a page that shows a user its accounts, and mails it if asked to.
   * Needs the scopes `users:write` and `embed:read`. A key that has `embed:read` alone is refused.
   */
  createLoginLink(
    parameters: api.CreateLoginLinkParameters,
    options: PostOptions = {},
  ): Promise<api.LoginLinkAnswer> {
    return this.#connection.ask<api.LoginLinkAnswer>(
      {
        method: 'POST',
        path: '/api/partner/users/{id}/login-link',
        body: 'json',
        isRepeatable: true,
      },
      parameters,
      options,
    );
  }

  /**
   * Ends all sessions in which a user sees its page, and the links that would open more.
   * Needs the scope `users:write`. A key that has `embed:read` alone is refused.
   */
  endSessionsOfUser(
    parameters: api.EndSessionsOfUserParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/users/{id}/sessions' },
      parameters,
      options,
    );
  }

  /**
   * Closes an account: trades can be corrected and closed, but none opened any more.
   * Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
   */
  closeAccount(
    parameters: api.CloseAccountParameters,
    options: PostOptions = {},
  ): Promise<api.AccountAnswer> {
    return this.#connection.ask<api.AccountAnswer>(
      { method: 'POST', path: '/api/partner/accounts/{account_id}/close', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Opens a closed account again.
   * Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
   */
  reopenAccount(
    parameters: api.ReopenAccountParameters,
    options: PostOptions = {},
  ): Promise<api.AccountAnswer> {
    return this.#connection.ask<api.AccountAnswer>(
      { method: 'POST', path: '/api/partner/accounts/{account_id}/reopen', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Starts the next attempt of an account. Trades that were opened since then move with it.
   * Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
   */
  resetAccount(
    parameters: api.ResetAccountParameters,
    options: PostOptions = {},
  ): Promise<api.AccountAnswer> {
    return this.#connection.ask<api.AccountAnswer>(
      {
        method: 'POST',
        path: '/api/partner/accounts/{account_id}/reset',
        body: 'json',
        isRepeatable: true,
      },
      parameters,
      options,
    );
  }

  /**
   * Deletes a batch of trades.
   * Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
   */
  deleteTradesByPost(
    parameters: api.DeleteTradesByPostParameters,
    options: PostOptions = {},
  ): Promise<api.TradesWritten> {
    return this.#connection.ask<api.TradesWritten>(
      {
        method: 'POST',
        path: '/api/partner/trades/delete',
        query: ['partial'],
        body: 'json',
        isRepeatable: true,
      },
      parameters,
      options,
    );
  }

  /**
   * Tells what accounts are worth while positions are open.
   * Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
   */
  sendObservations(
    parameters: api.SendObservationsParameters,
    options: PostOptions = {},
  ): Promise<api.ObservationsWritten> {
    return this.#connection.ask<api.ObservationsWritten>(
      { method: 'POST', path: '/api/partner/observations', body: 'json', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Creates a webhook. The secret that signs is shown in this response only.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  createWebhook(
    parameters: api.CreateWebhookParameters,
    options: PostOptions = {},
  ): Promise<api.NewWebhookAnswer> {
    return this.#connection.ask<api.NewWebhookAnswer>(
      { method: 'POST', path: '/api/partner/webhooks', body: 'json', isRepeatable: true },
      parameters,
      options,
    );
  }

  /**
   * Deletes a webhook. Nothing is sent to it from then on.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  deleteWebhookByQuery(
    parameters: api.DeleteWebhookByQueryParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/webhooks', query: ['webhook_id'] },
      parameters,
      options,
    );
  }

  /**
   * Lists the webhooks, and the types of events that there are.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  listWebhooks(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.WebhooksAnswer> {
    return this.#connection.ask<api.WebhooksAnswer>(
      { method: 'GET', path: '/api/partner/webhooks' },
      parameters,
      options,
    );
  }

  /**
   * Changes a webhook’s URL, description and types of events, or pauses or resumes it.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  changeWebhook(
    parameters: api.ChangeWebhookParameters,
    options: CallOptions = {},
  ): Promise<api.Webhook> {
    return this.#connection.ask<api.Webhook>(
      { method: 'PATCH', path: '/api/partner/webhooks/{id}', body: 'json' },
      parameters,
      options,
    );
  }

  /**
   * Deletes a webhook. Nothing is sent to it from then on.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  deleteWebhook(
    parameters: api.DeleteWebhookParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/webhooks/{id}' },
      parameters,
      options,
    );
  }

  /**
   * Reads a webhook.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  readWebhook(
    parameters: api.ReadWebhookParameters,
    options: CallOptions = {},
  ): Promise<api.Webhook> {
    return this.#connection.ask<api.Webhook>(
      { method: 'GET', path: '/api/partner/webhooks/{id}' },
      parameters,
      options,
    );
  }

  /**
   * Gives a webhook a new secret, which signs at once. The old one may sign as well for a while.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  rotateWebhookSecret(
    parameters: api.RotateWebhookSecretParameters,
    options: PostOptions = {},
  ): Promise<api.RotatedSecretAnswer> {
    return this.#connection.ask<api.RotatedSecretAnswer>(
      {
        method: 'POST',
        path: '/api/partner/webhooks/{id}/rotate-secret',
        body: 'json',
        isRepeatable: true,
      },
      parameters,
      options,
    );
  }

  /**
   * Ends the time in which a webhook’s old secret signs as well.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  endWebhookSecretOverlap(
    parameters: api.EndWebhookSecretOverlapParameters,
    options: CallOptions = {},
  ): Promise<api.SuccessAnswer> {
    return this.#connection.ask<api.SuccessAnswer>(
      { method: 'DELETE', path: '/api/partner/webhooks/{id}/rotate-secret' },
      parameters,
      options,
    );
  }

  /**
   * Sends an event to a webhook again: with the same id, the same bytes and up to ten tries.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  replayWebhookDelivery(
    parameters: api.ReplayWebhookDeliveryParameters,
    options: PostOptions = {},
  ): Promise<api.Delivery> {
    return this.#connection.ask<api.Delivery>(
      {
        method: 'POST',
        path: '/api/partner/webhooks/{id}/deliveries/{delivery}/replay',
        isRepeatable: true,
      },
      parameters,
      options,
    );
  }

  /**
   * Sends the events of a range of time to a webhook again, up to a thousand a request.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  replayWebhookDeliveries(
    parameters: api.ReplayWebhookDeliveriesParameters,
    options: PostOptions = {},
  ): Promise<api.ReplayAnswer> {
    return this.#connection.ask<api.ReplayAnswer>(
      {
        method: 'POST',
        path: '/api/partner/webhooks/{id}/replay',
        query: ['cursor'],
        body: 'json',
        isRepeatable: true,
      },
      parameters,
      options,
    );
  }

  /**
   * Tells which accounts have a new revision, as it happens. It counts as one request for each quarter of an hour that it is open.
   * Needs the scope `embed:read`.
   */
  followChanges(
    parameters: api.FollowChangesParameters = {},
    options: CallOptions = {},
  ): Messages<api.StreamMessage> {
    return this.#connection.follow<api.StreamMessage>(
      { method: 'GET', path: '/api/partner/stream', query: ['last_event_id'] },
      parameters,
      options,
    );
  }

  /**
   * Exports the history of an account as CSV, from which an import makes it again.
   * Needs the scope `stats:read`. A key that has `embed:read` alone is refused.
   */
  exportTrades(
    parameters: api.ExportTradesParameters,
    options: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    return this.#connection.stream(
      {
        method: 'GET',
        path: '/api/partner/trades.csv',
        query: ['account_id', 'attempt', 'period', 'symbol', 'direction', 'status'],
      },
      parameters,
      options,
    );
  }

  /**
   * Reads the partner, its keys and their usage, and what its tier allows.
   * A key that has `embed:read` alone is refused.
   */
  readDashboard(
    parameters: Record<string, never> = {},
    options: CallOptions = {},
  ): Promise<api.DashboardAnswer> {
    return this.#connection.ask<api.DashboardAnswer>(
      { method: 'GET', path: '/api/partner/dashboard' },
      parameters,
      options,
    );
  }

  /**
   * Lists who did what and when, the newest first.
   * A key that has `embed:read` alone is refused.
   */
  readAudit(
    parameters: api.ReadAuditParameters = {},
    options: CallOptions = {},
  ): List<api.AuditAnswer, api.AuditAnswer['entries'][number]> {
    return this.#connection.list<api.AuditAnswer, api.AuditAnswer['entries'][number]>(
      { method: 'GET', path: '/api/partner/audit', query: ['limit', 'before'] },
      { parameter: 'before', items: 'entries' },
      parameters,
      options,
    );
  }

  /**
   * Sends the event `test` to a webhook once, paused or not, and says how that went.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  testWebhook(
    parameters: api.TestWebhookParameters,
    options: CallOptions = {},
  ): Promise<api.Delivery> {
    return this.#connection.ask<api.Delivery>(
      { method: 'POST', path: '/api/partner/webhooks/{id}/test' },
      parameters,
      options,
    );
  }

  /**
   * Lists what was sent to a webhook in the last 30 days, the newest first.
   * Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
   */
  listWebhookDeliveries(
    parameters: api.ListWebhookDeliveriesParameters,
    options: CallOptions = {},
  ): List<api.DeliveriesAnswer, api.DeliveriesAnswer['deliveries'][number]> {
    return this.#connection.list<api.DeliveriesAnswer, api.DeliveriesAnswer['deliveries'][number]>(
      {
        method: 'GET',
        path: '/api/partner/webhooks/{id}/deliveries',
        query: ['state', 'limit', 'cursor'],
      },
      { parameter: 'cursor', items: 'deliveries' },
      parameters,
      options,
    );
  }
}
