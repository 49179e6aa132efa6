"""A client of PropTally for Python 3.9 and later: one file to copy, without dependencies.

    from proptally import PropTally

    pt = PropTally("https://stats.example.com", key="pt_…")
    print(pt.read_stats(period="30d")["stats"]["winRate"])
    for account in pt.list_accounts(status="active"):
        print(account["nickname"], account["total_pnl"])
    pt.send_trades(trades=[{"account_id": "ext:12345", "external_id": "t1", ...}])

The methods of PropTally are the operations of the API's document, and return its answers as they
are. They raise a PropTallyError, and a ValueError for what can't be sent. A call makes up to four
attempts, if the server is too busy, or the connection is lost and nothing can be done twice.
"""

from __future__ import annotations

import base64
import codecs
import email.utils
import hmac
import http.client
import itertools
import json
import math
import random
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import (
    Any,
    BinaryIO,
    Callable,
    Dict,
    Generator,
    Iterator,
    Literal,
    Mapping,
    NamedTuple,
    Sequence,
    TypeVar,
)

Answer = Dict[str, Any]
"""An answer of the API in JSON."""

Messages = Generator[Answer, None, None]
"""Messages as they come.

Iterating over them connects, and goes on by itself after the last message when the connection ends
or breaks. To leave the loop, or `close()`, closes the connection. It raises a PropTallyError when
the server can't be reached at first, or refuses to go on. A message's `id` is the `last_event_id`
to go on after it another time.
"""

# Stands for what is not given: None is a value of its own in a body, which unsets a field.
_UNSET: Any = type("Unset", (), {"__repr__": lambda self: "unset"})()

_MOST_ATTEMPTS = 4
# In seconds: the pause after the first attempt, which doubles, and the longest that is waited.
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 60
# So often a pause doubles at most.
_MOST_DOUBLINGS = 6
# In seconds: the pause before connecting to a stream again, until the server tells another.
_FIRST_RETRY = 2
# In seconds: the server of a stream sends at least a comment every 20 s, so a longer silence is a
# broken connection.
_LONGEST_SILENCE = 45


class PropTally:
    """A PropTally server, and the key that it is asked with.

    `base_url`: the server's address, "https://stats.example.com". `key`: a key, "pt_…", or for
    widgets' data an embed token, "pte_…". `timeout`: for how many seconds the server may send
    nothing before an attempt fails.
    """

    def __init__(self, base_url: str, key: str, *, timeout: float = 60) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._timeout = timeout

    # The calls, made from the API's document by `npm run clients`: don't edit them.

    def read_stats(
        self,
        *,
        account_id: str = _UNSET,
        attempt: int = _UNSET,
        currency: str = _UNSET,
        period: Literal["7d", "30d", "90d", "1y", "all"] = _UNSET,
    ) -> Answer:
        """Reads the statistics of a period, for one account or for all.

        Needs the scope `stats:read` if `account_id` is given, else `stats:aggregate`.
        """
        query = {
            "account_id": account_id,
            "attempt": attempt,
            "currency": currency,
            "period": period,
        }
        return self._ask("GET", "/api/partner/stats", query)

    def read_stats_of_accounts(
        self,
        *,
        account_id: Sequence[str],
        attempt: int = _UNSET,
        period: Literal["7d", "30d", "90d", "1y", "all"] = _UNSET,
    ) -> Answer:
        """Reads the statistics of a period for up to 100 accounts, each by itself.

        Needs the scope `stats:read`. Needs the growth tier or a larger one.
        """
        query = {"account_id": account_id, "attempt": attempt, "period": period}
        return self._ask("GET", "/api/partner/stats/bulk", query)

    def list_accounts(
        self,
        *,
        firm_id: str = _UNSET,
        user_id: str = _UNSET,
        status: Literal["active", "closed", "all"] = _UNSET,
        q: str = _UNSET,
        limit: int = _UNSET,
        offset: int = _UNSET,
        cursor: str = _UNSET,
    ) -> List:
        """Lists trading accounts, with basic statistics: filtered and in pages.

        Needs the scope `accounts:list`.
        """
        query = {
            "firm_id": firm_id,
            "user_id": user_id,
            "status": status,
            "q": q,
            "limit": limit,
            "offset": offset,
            "cursor": cursor,
        }
        return self._list("/api/partner/accounts", query, "cursor", "accounts")

    def create_account(
        self,
        *,
        nickname: str,
        currency: str = _UNSET,
        user_id: str | None = _UNSET,
        external_id: str | None = _UNSET,
        firm_id: str | None = _UNSET,
        firm: str | None = _UNSET,
        starting_balance: float | None = _UNSET,
        max_drawdown: float | None = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Creates an account, or finds the one with the external id.

        Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
        """
        body = {
            "nickname": nickname,
            "currency": currency,
            "user_id": user_id,
            "external_id": external_id,
            "firm_id": firm_id,
            "firm": firm,
            "starting_balance": starting_balance,
            "max_drawdown": max_drawdown,
        }
        return self._ask(
            "POST",
            "/api/partner/accounts",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def read_account(self, account_id: str, *, attempt: int = _UNSET) -> Answer:
        """Reads an account, with the figures of its current attempt or of another.

        Needs the scope `accounts:list`.
        """
        query = {"attempt": attempt}
        return self._ask("GET", f"/api/partner/accounts/{_part(account_id)}", query)

    def change_account(
        self,
        account_id: str,
        *,
        nickname: str = _UNSET,
        currency: str = _UNSET,
        user_id: str | None = _UNSET,
        external_id: str | None = _UNSET,
        firm_id: str | None = _UNSET,
        firm: str | None = _UNSET,
        starting_balance: float | None = _UNSET,
        max_drawdown: float | None = _UNSET,
    ) -> Answer:
        """Changes the fields of an account that are sent. Null removes a value.

        Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
        """
        body = {
            "nickname": nickname,
            "currency": currency,
            "user_id": user_id,
            "external_id": external_id,
            "firm_id": firm_id,
            "firm": firm,
            "starting_balance": starting_balance,
            "max_drawdown": max_drawdown,
        }
        return self._ask("PATCH", f"/api/partner/accounts/{_part(account_id)}", {}, body)

    def erase_account(self, account_id: str) -> Answer:
        """Erases an account with its trades, and everything derived from them.

        Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
        """
        return self._ask("DELETE", f"/api/partner/accounts/{_part(account_id)}", {})

    def list_account_trades(
        self,
        account_id: str,
        *,
        attempt: int = _UNSET,
        status: Literal["closed", "open", "all"] = _UNSET,
        order: Literal["desc", "asc"] = _UNSET,
        limit: int = _UNSET,
        cursor: str = _UNSET,
    ) -> List:
        """Lists all trades of an account’s attempt by time of entry, to be read to the end.

        Needs the scope `stats:read`.
        """
        query = {
            "attempt": attempt,
            "status": status,
            "order": order,
            "limit": limit,
            "cursor": cursor,
        }
        return self._list(
            f"/api/partner/accounts/{_part(account_id)}/trades",
            query,
            "cursor",
            "trades",
        )

    def list_trades(
        self,
        *,
        account_id: str,
        attempt: int = _UNSET,
        page: int = _UNSET,
        limit: int = _UNSET,
        period: Literal["7d", "30d", "90d", "1y", "all"] = _UNSET,
        symbol: str = _UNSET,
        direction: Literal["long", "short"] = _UNSET,
        status: Literal["closed", "open", "all"] = _UNSET,
        sort: Literal["entry_time", "exit_time", "pnl", "symbol", "quantity"] = _UNSET,
        order: Literal["desc", "asc"] = _UNSET,
    ) -> List:
        """Lists the trades of one account: filtered, sorted and in pages.

        Needs the scope `stats:read`.
        """
        query = {
            "account_id": account_id,
            "attempt": attempt,
            "page": page,
            "limit": limit,
            "period": period,
            "symbol": symbol,
            "direction": direction,
            "status": status,
            "sort": sort,
            "order": order,
        }
        return self._list("/api/partner/trades", query, "page", "trades")

    def send_trades(
        self,
        *,
        partial: bool = _UNSET,
        upsert: bool = _UNSET,
        restore: bool = _UNSET,
        trades: Sequence[Mapping[str, Any]] = _UNSET,
        account_id: str = _UNSET,
        external_id: str = _UNSET,
        symbol: str = _UNSET,
        contract: str | None = _UNSET,
        direction: Literal["long", "short"] = _UNSET,
        quantity: float = _UNSET,
        entry_price: float = _UNSET,
        exit_price: float | None = _UNSET,
        entry_time: int = _UNSET,
        exit_time: int | None = _UNSET,
        pnl: float | None = _UNSET,
        commission: float = _UNSET,
        setup_type: str | None = _UNSET,
        notes: str | None = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Adds a trade, or a batch of trades; one that is there already is found, or changed.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"partial": partial, "upsert": upsert, "restore": restore}
        body = {
            "trades": trades,
            "account_id": account_id,
            "external_id": external_id,
            "symbol": symbol,
            "contract": contract,
            "direction": direction,
            "quantity": quantity,
            "entry_price": entry_price,
            "exit_price": exit_price,
            "entry_time": entry_time,
            "exit_time": exit_time,
            "pnl": pnl,
            "commission": commission,
            "setup_type": setup_type,
            "notes": notes,
        }
        return self._ask(
            "POST",
            "/api/partner/trades",
            query,
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def change_trades(
        self,
        *,
        trades: Sequence[Mapping[str, Any]],
        partial: bool = _UNSET,
    ) -> Answer:
        """Changes the sent fields of a batch of trades.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"partial": partial}
        body = {"trades": trades}
        return self._ask("PATCH", "/api/partner/trades", query, body)

    def delete_trades(
        self,
        *,
        trades: Sequence[Mapping[str, Any]],
        partial: bool = _UNSET,
    ) -> Answer:
        """Deletes a batch of trades.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"partial": partial}
        body = {"trades": trades}
        return self._ask("DELETE", "/api/partner/trades", query, body)

    def read_trade(self, id: str, *, account_id: str) -> Answer:
        """Reads one trade of an account, of whatever attempt. Needs the scope `stats:read`."""
        query = {"account_id": account_id}
        return self._ask("GET", f"/api/partner/trades/{_part(id)}", query)

    def replace_trade(
        self,
        id: str,
        *,
        account_id: str,
        symbol: str,
        direction: Literal["long", "short"],
        quantity: float,
        entry_price: float,
        entry_time: int,
        contract: str | None = _UNSET,
        exit_price: float | None = _UNSET,
        exit_time: int | None = _UNSET,
        pnl: float | None = _UNSET,
        commission: float = _UNSET,
        setup_type: str | None = _UNSET,
        notes: str | None = _UNSET,
    ) -> Answer:
        """Replaces a trade. A closed one stays closed unless its exit is set to null.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"account_id": account_id}
        body = {
            "symbol": symbol,
            "direction": direction,
            "quantity": quantity,
            "entry_price": entry_price,
            "entry_time": entry_time,
            "contract": contract,
            "exit_price": exit_price,
            "exit_time": exit_time,
            "pnl": pnl,
            "commission": commission,
            "setup_type": setup_type,
            "notes": notes,
        }
        return self._ask("PUT", f"/api/partner/trades/{_part(id)}", query, body)

    def change_trade(
        self,
        id: str,
        *,
        account_id: str,
        symbol: str = _UNSET,
        contract: str | None = _UNSET,
        direction: Literal["long", "short"] = _UNSET,
        quantity: float = _UNSET,
        entry_price: float = _UNSET,
        exit_price: float | None = _UNSET,
        entry_time: int = _UNSET,
        exit_time: int | None = _UNSET,
        pnl: float | None = _UNSET,
        commission: float = _UNSET,
        setup_type: str | None = _UNSET,
        notes: str | None = _UNSET,
    ) -> Answer:
        """Changes the fields of a trade that are sent.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"account_id": account_id}
        body = {
            "symbol": symbol,
            "contract": contract,
            "direction": direction,
            "quantity": quantity,
            "entry_price": entry_price,
            "exit_price": exit_price,
            "entry_time": entry_time,
            "exit_time": exit_time,
            "pnl": pnl,
            "commission": commission,
            "setup_type": setup_type,
            "notes": notes,
        }
        return self._ask("PATCH", f"/api/partner/trades/{_part(id)}", query, body)

    def delete_trade(self, id: str, *, account_id: str) -> Answer:
        """Deletes a trade. It does not come back with the file that it came from.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"account_id": account_id}
        return self._ask("DELETE", f"/api/partner/trades/{_part(id)}", query)

    def list_users(self, *, limit: int = _UNSET, cursor: str = _UNSET) -> List:
        """Lists users with their accounts, the oldest first. Needs the scope `users:read`."""
        query = {"limit": limit, "cursor": cursor}
        return self._list("/api/partner/users", query, "cursor", "users")

    def create_user(
        self,
        *,
        external_id: str | None = _UNSET,
        name: str | None = _UNSET,
        email: str | None = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Creates a user, or finds the one with the external id.

        Needs the scope `users:write`. A key that has `embed:read` alone is refused.
        """
        body = {"external_id": external_id, "name": name, "email": email}
        return self._ask(
            "POST",
            "/api/partner/users",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def read_user(self, id: str) -> Answer:
        """Reads a user with its accounts. Needs the scope `users:read`."""
        return self._ask("GET", f"/api/partner/users/{_part(id)}", {})

    def change_user(
        self,
        id: str,
        *,
        external_id: str | None = _UNSET,
        name: str | None = _UNSET,
        email: str | None = _UNSET,
    ) -> Answer:
        """Changes the fields of a user that are sent. Null removes a value.

        Needs the scope `users:write`. A key that has `embed:read` alone is refused.
        """
        body = {"external_id": external_id, "name": name, "email": email}
        return self._ask("PATCH", f"/api/partner/users/{_part(id)}", {}, body)

    def erase_user(self, id: str) -> Answer:
        """Erases a user with all accounts and trades, and everything derived from them.

        Needs the scope `users:write`. A key that has `embed:read` alone is refused.
        """
        return self._ask("DELETE", f"/api/partner/users/{_part(id)}", {})

    def list_events(
        self,
        *,
        after: str = _UNSET,
        types: Sequence[
            Literal[
                "trade.created",
                "trade.updated",
                "milestone.reached",
                "account.created",
                "account.updated",
                "daily_summary",
                "trade.deleted",
                "import.completed",
            ]
        ] = _UNSET,
        limit: int = _UNSET,
    ) -> List:
        """Lists what happened in the last 30 days, the oldest first.

        Needs the scope `webhooks:manage`.
        """
        query = {"after": after, "types": types, "limit": limit}
        return self._list("/api/partner/events", query, "after", "events")

    def list_imports(
        self,
        *,
        account_id: str = _UNSET,
        limit: int = _UNSET,
        cursor: str = _UNSET,
    ) -> List:
        """Lists the files that were imported, the newest first.

        Needs the scope `trades:write` or `stats:read`.
        """
        query = {"account_id": account_id, "limit": limit, "cursor": cursor}
        return self._list("/api/partner/imports", query, "cursor", "imports")

    def import_file(
        self,
        file: bytes | BinaryIO,
        *,
        account_id: str = _UNSET,
        nickname: str = _UNSET,
        user_id: str = _UNSET,
        external_id: str = _UNSET,
        firm_id: str = _UNSET,
        firm: str = _UNSET,
        currency: str = _UNSET,
        starting_balance: float = _UNSET,
        max_drawdown: float = _UNSET,
        file_name: str = _UNSET,
        format: Literal["auto", "tradovate", "mt4", "mt5", "csv"] = _UNSET,
        timezone: str = _UNSET,
        skip_bad: bool = _UNSET,
        dry_run: bool = _UNSET,
        restore: bool = _UNSET,
        events: Literal["auto", "each", "none"] = _UNSET,
    ) -> Answer:
        """Imports the trades of a broker’s file into an account.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {
            "account_id": account_id,
            "nickname": nickname,
            "user_id": user_id,
            "external_id": external_id,
            "firm_id": firm_id,
            "firm": firm,
            "currency": currency,
            "starting_balance": starting_balance,
            "max_drawdown": max_drawdown,
            "file_name": file_name,
            "format": format,
            "timezone": timezone,
            "skip_bad": skip_bad,
            "dry_run": dry_run,
            "restore": restore,
            "events": events,
        }
        return self._ask("POST", "/api/partner/imports", query, file)

    def read_import(self, id: str) -> Answer:
        """Reads what became of a file, or how far its import is.

        Needs the scope `trades:write` or `stats:read`.
        """
        return self._ask("GET", f"/api/partner/imports/{_part(id)}", {})

    def undo_import(self, id: str, *, force: bool = _UNSET) -> Answer:
        """Takes an import back: removes the trades that it added, and opens those that it closed.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"force": force}
        return self._ask("DELETE", f"/api/partner/imports/{_part(id)}", query)

    def read_widget(
        self,
        widget: Literal[
            "stats-card",
            "performance-summary",
            "equity-curve",
            "leaderboard",
            "trade-heatmap",
            "instrument-breakdown",
            "drawdown-gauge",
            "win-streak",
            "monthly-calendar",
            "risk-metrics",
            "recent-trades",
        ],
        *,
        account_id: str = _UNSET,
        attempt: int = _UNSET,
        firm_id: str = _UNSET,
        period: Literal["7d", "30d", "90d", "1y", "all"] = _UNSET,
        month: str = _UNSET,
        sort: Literal["pnl", "win_rate", "trades"] = _UNSET,
        by: Literal["account", "user"] = _UNSET,
        status: Literal["active", "all"] = _UNSET,
        limit: int = _UNSET,
        max_drawdown: float = _UNSET,
        currency: str = _UNSET,
        stream: str = _UNSET,
    ) -> Answer:
        """Reads all that a widget needs: its data, the branding and the revision.

        Needs the scope `embed:read` or `stats:read` if `account_id` is given (except for
        `leaderboard`), else `embed:read` or `stats:aggregate`. An invalid value is replaced by
        the nearest valid one, or else by the default; but an unknown `widget`, `account_id` or
        `attempt` gets a 404, and a credential that is twice in the query a 400.
        """
        query = {
            "account_id": account_id,
            "attempt": attempt,
            "firm_id": firm_id,
            "period": period,
            "month": month,
            "sort": sort,
            "by": by,
            "status": status,
            "limit": limit,
            "max_drawdown": max_drawdown,
            "currency": currency,
            "stream": stream,
        }
        return self._ask("GET", f"/api/partner/widgets/{_part(widget)}", query)

    def create_key(
        self,
        *,
        label: str = _UNSET,
        scopes: Sequence[
            Literal[
                "embed:read",
                "stats:read",
                "stats:aggregate",
                "accounts:list",
                "webhooks:manage",
                "users:read",
                "users:write",
                "accounts:write",
                "trades:write",
            ]
        ] = _UNSET,
        preset: Literal["read-only", "write", "full"] = _UNSET,
        expires_at: int | None = _UNSET,
        allowed_origins: Sequence[str] = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Creates a key. The key itself is shown in this response only.

        A key that has `embed:read` alone is refused.
        """
        body = {
            "label": label,
            "scopes": scopes,
            "preset": preset,
            "expires_at": expires_at,
            "allowed_origins": allowed_origins,
        }
        return self._ask(
            "POST",
            "/api/partner/keys",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def revoke_key_by_query(self, *, key_id: str) -> Answer:
        """Revokes a key. It is refused from the next request on.

        A key that has `embed:read` alone is refused.
        """
        query = {"key_id": key_id}
        return self._ask("DELETE", "/api/partner/keys", query)

    def list_keys(self) -> Answer:
        """Lists the partner’s keys, without the keys themselves.

        A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", "/api/partner/keys", {})

    def change_key(
        self,
        id: str,
        *,
        label: str = _UNSET,
        scopes: Sequence[
            Literal[
                "embed:read",
                "stats:read",
                "stats:aggregate",
                "accounts:list",
                "webhooks:manage",
                "users:read",
                "users:write",
                "accounts:write",
                "trades:write",
            ]
        ] = _UNSET,
        expires_at: int | None = _UNSET,
        allowed_origins: Sequence[str] = _UNSET,
        is_active: bool = _UNSET,
    ) -> Answer:
        """Changes a key’s label, scopes, expiry and allowed origins, or pauses or resumes it.

        A key that has `embed:read` alone is refused.
        """
        body = {
            "label": label,
            "scopes": scopes,
            "expires_at": expires_at,
            "allowed_origins": allowed_origins,
            "is_active": is_active,
        }
        return self._ask("PATCH", f"/api/partner/keys/{_part(id)}", {}, body)

    def revoke_key(self, id: str) -> Answer:
        """Revokes a key. It is refused from the next request on.

        A key that has `embed:read` alone is refused.
        """
        return self._ask("DELETE", f"/api/partner/keys/{_part(id)}", {})

    def roll_key(
        self,
        id: str,
        *,
        overlap_seconds: int = _UNSET,
        expires_at: int | None = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Replaces a key with a new one. Both are valid until the overlap ends.

        A key that has `embed:read` alone is refused.
        """
        body = {"overlap_seconds": overlap_seconds, "expires_at": expires_at}
        return self._ask(
            "POST",
            f"/api/partner/keys/{_part(id)}/roll",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def change_branding(
        self,
        *,
        primary_color: str | None = _UNSET,
        logo_url: str | None = _UNSET,
        logo_url_light: str | None = _UNSET,
        logo_url_dark: str | None = _UNSET,
        company_name: str | None = _UNSET,
        hide_powered_by: bool = _UNSET,
    ) -> Answer:
        """Changes the fields of the brand that are sent. Null removes a value.

        A key that has `embed:read` alone is refused.
        """
        body = {
            "primary_color": primary_color,
            "logo_url": logo_url,
            "logo_url_light": logo_url_light,
            "logo_url_dark": logo_url_dark,
            "company_name": company_name,
            "hide_powered_by": hide_powered_by,
        }
        return self._ask("PUT", "/api/partner/branding", {}, body)

    def read_branding(self) -> Answer:
        """Reads the brand that the partner’s widgets show.

        A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", "/api/partner/branding", {})

    def replace_origins(self, *, allowed_origins: Sequence[str]) -> Answer:
        """Replaces the origins of the pages that may show the partner’s widgets. An empty list
        allows any.

        A key that has `embed:read` alone is refused.
        """
        body = {"allowed_origins": allowed_origins}
        return self._ask("PUT", "/api/partner/origins", {}, body)

    def read_origins(self) -> Answer:
        """Lists the origins of the pages that may show the partner’s widgets.

        A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", "/api/partner/origins", {})

    def read_settings(self) -> Answer:
        """Reads when the partner’s trading days begin, and its currency.

        A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", "/api/partner/settings", {})

    def create_embed_token(
        self,
        *,
        widgets: Sequence[
            Literal[
                "stats-card",
                "performance-summary",
                "equity-curve",
                "leaderboard",
                "trade-heatmap",
                "instrument-breakdown",
                "drawdown-gauge",
                "win-streak",
                "monthly-calendar",
                "risk-metrics",
                "recent-trades",
            ]
        ] = _UNSET,
        account_id: str = _UNSET,
        account_ids: Sequence[str] = _UNSET,
        user_id: str = _UNSET,
        expires_in: int = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Creates an embed token, which a page uses instead of a key.

        Needs the scope `embed:read`. A key that has `embed:read` alone is refused.
        """
        body = {
            "widgets": widgets,
            "account_id": account_id,
            "account_ids": account_ids,
            "user_id": user_id,
            "expires_in": expires_in,
        }
        return self._ask(
            "POST",
            "/api/partner/embed-tokens",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def revoke_embed_tokens(self) -> Answer:
        """Revokes all embed tokens of the partner. A key that has `embed:read` alone is refused."""
        return self._ask("DELETE", "/api/partner/embed-tokens", {})

    def list_addresses(self) -> Answer:
        """Lists the addresses that may sign in for the partner.

        A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", "/api/partner/addresses", {})

    def create_login_link(
        self,
        id: str,
        *,
        send: bool = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Makes a link to a page that shows a user its accounts, and mails it if asked to.

        Needs the scopes `users:write` and `embed:read`. A key that has `embed:read` alone is
        refused.
        """
        body = {"send": send}
        return self._ask(
            "POST",
            f"/api/partner/users/{_part(id)}/login-link",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def end_sessions_of_user(self, id: str) -> Answer:
        """Ends all sessions in which a user sees its page, and the links that would open more.

        Needs the scope `users:write`. A key that has `embed:read` alone is refused.
        """
        return self._ask("DELETE", f"/api/partner/users/{_part(id)}/sessions", {})

    def close_account(self, account_id: str, *, idempotency_key: str | None = None) -> Answer:
        """Closes an account: trades can be corrected and closed, but none opened any more.

        Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
        """
        return self._ask(
            "POST",
            f"/api/partner/accounts/{_part(account_id)}/close",
            {},
            idempotency_key=idempotency_key or _new_key(),
        )

    def reopen_account(self, account_id: str, *, idempotency_key: str | None = None) -> Answer:
        """Opens a closed account again.

        Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
        """
        return self._ask(
            "POST",
            f"/api/partner/accounts/{_part(account_id)}/reopen",
            {},
            idempotency_key=idempotency_key or _new_key(),
        )

    def reset_account(
        self,
        account_id: str,
        *,
        at: int = _UNSET,
        starting_balance: float | None = _UNSET,
        max_drawdown: float | None = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Starts the next attempt of an account. Trades that were opened since then move with it.

        Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
        """
        body = {"at": at, "starting_balance": starting_balance, "max_drawdown": max_drawdown}
        return self._ask(
            "POST",
            f"/api/partner/accounts/{_part(account_id)}/reset",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def delete_trades_by_post(
        self,
        *,
        trades: Sequence[Mapping[str, Any]],
        partial: bool = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Deletes a batch of trades.

        Needs the scope `trades:write`. A key that has `embed:read` alone is refused.
        """
        query = {"partial": partial}
        body = {"trades": trades}
        return self._ask(
            "POST",
            "/api/partner/trades/delete",
            query,
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def send_observations(
        self,
        *,
        observations: Sequence[Mapping[str, Any]],
        idempotency_key: str | None = None,
    ) -> Answer:
        """Tells what accounts are worth while positions are open.

        Needs the scope `accounts:write`. A key that has `embed:read` alone is refused.
        """
        body = {"observations": observations}
        return self._ask(
            "POST",
            "/api/partner/observations",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def create_webhook(
        self,
        *,
        url: str,
        description: str | None = _UNSET,
        events: Sequence[
            Literal[
                "trade.created",
                "trade.updated",
                "milestone.reached",
                "account.created",
                "account.updated",
                "daily_summary",
                "trade.deleted",
                "import.completed",
            ]
        ] = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Creates a webhook. The secret that signs is shown in this response only.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        body = {"url": url, "description": description, "events": events}
        return self._ask(
            "POST",
            "/api/partner/webhooks",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def delete_webhook_by_query(self, *, webhook_id: str) -> Answer:
        """Deletes a webhook. Nothing is sent to it from then on.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        query = {"webhook_id": webhook_id}
        return self._ask("DELETE", "/api/partner/webhooks", query)

    def list_webhooks(self) -> Answer:
        """Lists the webhooks, and the types of events that there are.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", "/api/partner/webhooks", {})

    def change_webhook(
        self,
        id: str,
        *,
        url: str = _UNSET,
        description: str | None = _UNSET,
        events: Sequence[
            Literal[
                "trade.created",
                "trade.updated",
                "milestone.reached",
                "account.created",
                "account.updated",
                "daily_summary",
                "trade.deleted",
                "import.completed",
            ]
        ] = _UNSET,
        is_active: bool = _UNSET,
    ) -> Answer:
        """Changes a webhook’s URL, description and types of events, or pauses or resumes it.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        body = {"url": url, "description": description, "events": events, "is_active": is_active}
        return self._ask("PATCH", f"/api/partner/webhooks/{_part(id)}", {}, body)

    def delete_webhook(self, id: str) -> Answer:
        """Deletes a webhook. Nothing is sent to it from then on.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        return self._ask("DELETE", f"/api/partner/webhooks/{_part(id)}", {})

    def read_webhook(self, id: str) -> Answer:
        """Reads a webhook.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", f"/api/partner/webhooks/{_part(id)}", {})

    def rotate_webhook_secret(
        self,
        id: str,
        *,
        overlap_seconds: int = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Gives a webhook a new secret, which signs at once. The old one may sign as well for a
        while.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        body = {"overlap_seconds": overlap_seconds}
        return self._ask(
            "POST",
            f"/api/partner/webhooks/{_part(id)}/rotate-secret",
            {},
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def end_webhook_secret_overlap(self, id: str) -> Answer:
        """Ends the time in which a webhook’s old secret signs as well.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        return self._ask("DELETE", f"/api/partner/webhooks/{_part(id)}/rotate-secret", {})

    def replay_webhook_delivery(
        self,
        id: str,
        delivery: str,
        *,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Sends an event to a webhook again: with the same id, the same bytes and up to ten tries.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        return self._ask(
            "POST",
            f"/api/partner/webhooks/{_part(id)}/deliveries/{_part(delivery)}/replay",
            {},
            idempotency_key=idempotency_key or _new_key(),
        )

    def replay_webhook_deliveries(
        self,
        id: str,
        *,
        from_: int,
        cursor: str = _UNSET,
        to: int = _UNSET,
        state: Literal["delivered", "failed"] = _UNSET,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Sends the events of a range of time to a webhook again, up to a thousand a request.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        query = {"cursor": cursor}
        body = {"from": from_, "to": to, "state": state}
        return self._ask(
            "POST",
            f"/api/partner/webhooks/{_part(id)}/replay",
            query,
            body,
            idempotency_key=idempotency_key or _new_key(),
        )

    def follow_changes(self, *, last_event_id: str = _UNSET) -> Messages:
        """Tells which accounts have a new revision, as it happens. It counts as one request for
        each quarter of an hour that it is open.

        Needs the scope `embed:read`.
        """
        query = {"last_event_id": last_event_id}
        return self._follow("/api/partner/stream", query)

    def export_trades(
        self,
        *,
        account_id: str,
        attempt: int = _UNSET,
        period: Literal["7d", "30d", "90d", "1y", "all"] = _UNSET,
        symbol: str = _UNSET,
        direction: Literal["long", "short"] = _UNSET,
        status: Literal["closed", "open", "all"] = _UNSET,
    ) -> http.client.HTTPResponse:
        """Exports the history of an account as CSV, from which an import makes it again.

        Needs the scope `stats:read`. A key that has `embed:read` alone is refused.
        """
        query = {
            "account_id": account_id,
            "attempt": attempt,
            "period": period,
            "symbol": symbol,
            "direction": direction,
            "status": status,
        }
        return self._stream("GET", "/api/partner/trades.csv", query)

    def read_dashboard(self) -> Answer:
        """Reads the partner, its keys and their usage, and what its tier allows.

        A key that has `embed:read` alone is refused.
        """
        return self._ask("GET", "/api/partner/dashboard", {})

    def read_audit(self, *, limit: int = _UNSET, before: int = _UNSET) -> List:
        """Lists who did what and when, the newest first.

        A key that has `embed:read` alone is refused.
        """
        query = {"limit": limit, "before": before}
        return self._list("/api/partner/audit", query, "before", "entries")

    def test_webhook(self, id: str) -> Answer:
        """Sends the event `test` to a webhook once, paused or not, and says how that went.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        return self._ask("POST", f"/api/partner/webhooks/{_part(id)}/test", {})

    def list_webhook_deliveries(
        self,
        id: str,
        *,
        state: Literal["waiting", "delivered", "failed", "canceled"] = _UNSET,
        limit: int = _UNSET,
        cursor: str = _UNSET,
    ) -> List:
        """Lists what was sent to a webhook in the last 30 days, the newest first.

        Needs the scope `webhooks:manage`. A key that has `embed:read` alone is refused.
        """
        query = {"state": state, "limit": limit, "cursor": cursor}
        return self._list(
            f"/api/partner/webhooks/{_part(id)}/deliveries",
            query,
            "cursor",
            "deliveries",
        )

    # The end of the calls.

    def _ask(self, *request: Any, **more: Any) -> Answer:
        """Asks for an answer in JSON; the arguments are those of `_prepare`."""
        return _send(*self._prepare(*request, **more), self._timeout, _read_json)

    def _stream(self, *request: Any) -> http.client.HTTPResponse:
        """Asks for an answer of another kind."""
        return _send(*self._prepare(*request), self._timeout, lambda response: response)

    def _follow(self, path: str, query: dict[str, Any]) -> Messages:
        """Gives the messages of a stream, over as many connections as it takes."""
        place = query["last_event_id"]
        retry: float = _FIRST_RETRY
        attempts: float = _MOST_ATTEMPTS
        while True:
            request, is_safe = self._prepare("GET", path, {**query, "last_event_id": place})
            parser = _EventParser()
            with _send(request, is_safe, _LONGEST_SILENCE, _read_stream, attempts) as response:
                for piece in _pieces(response):
                    for event in parser.read(piece):
                        is_message = event.type == "message"
                        # The event that opens a stream has the id of the latest message, before
                        # what was missed.
                        if is_message or place in (None, _UNSET, ""):
                            place = event.id
                        if is_message:
                            yield {**json.loads(event.data), "id": event.id}
            retry = retry if parser.retry is None else parser.retry
            time.sleep(retry)
            # What was open once will be again.
            attempts = math.inf

    def _list(self, path: str, query: dict[str, Any], place: str, items: str) -> List:
        def read(following: Any) -> Answer:
            # An offset names the first page alone.
            changes = {} if following is None else {place: following, "offset": _UNSET}
            return self._ask("GET", path, {**query, **changes})

        return List(read, items)

    def _prepare(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: dict[str, Any] | bytes | BinaryIO | None = None,
        idempotency_key: str | None = None,
    ) -> tuple[urllib.request.Request, bool]:
        """The request of a call, and whether nothing is done twice if it arrives twice."""
        given = {name: _text(value) for name, value in query.items() if value not in (None, _UNSET)}
        url = self._base_url + path + ("?" + urllib.parse.urlencode(given) if given else "")
        headers = {"X-API-Key": self._key, "User-Agent": "proptally-python"}
        data: bytes | None = None
        if isinstance(body, dict):
            fields = {name: value for name, value in body.items() if value is not _UNSET}
            data = json.dumps(fields, allow_nan=False).encode()
            headers["Content-Type"] = "application/json"
        elif body is not None:
            data = body if isinstance(body, bytes) else body.read()
            headers["Content-Type"] = "application/octet-stream"
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        request = urllib.request.Request(url, data, headers, method=method)
        return request, method != "POST" or idempotency_key is not None


class List:
    """A list that is read page by page.

    Iterating over it gives every item, and asks for a page when it gets there.
    """

    def __init__(self, read: Callable[[Any], Answer], items: str) -> None:
        self._read, self._items = read, items

    def __iter__(self) -> Iterator[Answer]:
        for page in self.pages():
            yield from page[self._items]

    def pages(self) -> Iterator[Answer]:
        """Gives every page, with the `next` that leads on from it."""
        following = None
        while True:
            page = self._read(following)
            yield page
            following = _place_after(page)
            if following is None:
                return


def _place_after(page: Answer) -> Any:
    """Where the page after this one begins; None: this is the last."""
    pagination = page.get("pagination")
    if pagination:
        return pagination["page"] + 1 if pagination["has_more"] else None
    # A list that goes on for ever tells its `next` at its end, too.
    return page["next"] if page.get("has_more", True) else None


class PropTallyError(Exception):
    """A call that failed.

    - `code`: one of the API's, such as "invalid_parameters"; or "connection_failed": there was no
      answer, or it broke off; "timeout": it took too long; "unexpected_answer": what answered is
      not the API, such as a proxy.
    - `message`: the same as a sentence for people.
    - `status`: the HTTP status; None: there was no answer.
    - `details`: of invalid parameters, bodies and conflicts every problem, with its `path`.
    - `request_id`: the id under which the server's log has the request.
    - `retry_after`: how many seconds to wait before trying again, if the server says so.
    - `answer`: its whole body, which for some codes has more fields, such as `cursor`.
    """

    def __init__(
        self,
        code: str,
        message: str,
        response: http.client.HTTPResponse | None = None,
        answer: Answer | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = response.status if response else None
        self.request_id = response.headers["X-Request-Id"] if response else None
        self.retry_after = _seconds(response.headers["Retry-After"]) if response else None
        self.answer = answer or {}
        self.details: list[Answer] = self.answer.get("details", [])


def verify_webhook(
    body: bytes | str,
    headers: Mapping[str, str],
    secret: str | Sequence[str],
    *,
    tolerance: float = 300,
) -> Answer:
    """Verifies a request to a webhook and returns its event: `id`, `event`, `timestamp`, `data`.

    `body`: the request's body as it came, not parsed and written again. `secret`: the webhook's,
    "whsec_…", or several, of which any may have signed. `tolerance`: by how many seconds the
    signature's time may differ from this machine's. Raises a WebhookError.

    `id` is the same for every delivery of an event, so that it can be told from a new one.

    It goes by the headers of https://www.standardwebhooks.com. Only where a request has none of
    them, by `X-PropTally-Signature`, which tells neither id (then None) nor time: such a request
    can be sent again by whoever saw it once.
    """
    data = body.encode() if isinstance(body, str) else body
    secrets = [secret] if isinstance(secret, str) else secret
    # An empty one would verify what anybody can sign.
    if not all(re.match("whsec_.", each) for each in secrets):
        raise ValueError("The secret of a webhook begins with whsec_")
    found = {name.lower(): value for name, value in headers.items()}
    standard = [found.get(f"webhook-{name}") for name in ("id", "timestamp", "signature")]
    identity, timestamp, signatures = standard
    legacy = found.get("x-proptally-signature")
    if identity is not None and timestamp is not None and signatures is not None:
        signed = f"{identity}.{timestamp}.".encode() + data
        keys = [base64.b64decode(each[len("whsec_") :]) for each in secrets]
        digests = [base64.b64encode(hmac.digest(key, signed, "sha256")) for key in keys]
        _compare(digests, [each[3:] for each in signatures.split(" ") if each.startswith("v1,")])
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > tolerance:
            raise WebhookError("outside_tolerance", f"It was signed at {timestamp}.")
    elif legacy is not None and not any(standard):
        digests = [hmac.new(each.encode(), data, "sha256").hexdigest().encode() for each in secrets]
        _compare(digests, [legacy.lower()])
    else:
        raise WebhookError("missing_signature", "The request is not signed.")
    return {"id": identity, **json.loads(data)}


class WebhookError(Exception):
    """A request that is not, or not surely, from the server: answer it with a 400.

    `code` is "missing_signature": it has no headers that sign it; "wrong_signature": it was not
    signed with any of the secrets, or was changed since; or "outside_tolerance": it was signed too
    long ago, or lies ahead, as this machine's clock has it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _compare(expected: list[bytes], given: list[str]) -> None:
    """Raises an error unless any are equal; each comparison takes the same time for all."""
    if not any(hmac.compare_digest(one, other.encode()) for one in expected for other in given):
        text = "No secret has signed this request as it came."
        raise WebhookError("wrong_signature", text)


_Read = TypeVar("_Read")


def _send(
    request: urllib.request.Request,
    is_safe: bool,
    timeout: float,
    read: Callable[[http.client.HTTPResponse], _Read],
    most_attempts: float = _MOST_ATTEMPTS,
) -> _Read:
    """Sends a request, again where that may help, and reads the answer."""
    for attempt in itertools.count(1):
        try:
            return _send_once(request, timeout, read)
        except PropTallyError as error:
            if attempt == most_attempts or not _is_worth_repeating(error, is_safe):
                raise
            # At random, so that clients that failed together don't come back together.
            doublings = min(attempt - 1, _MOST_DOUBLINGS)
            pause = _FIRST_PAUSE * 2**doublings * random.uniform(0.5, 1)
            if error.retry_after is not None:
                pause = error.retry_after
            if pause > _LONGEST_PAUSE:
                raise
        time.sleep(pause)
    raise AssertionError


def _send_once(
    request: urllib.request.Request,
    timeout: float,
    read: Callable[[http.client.HTTPResponse], _Read],
) -> _Read:
    try:
        response = _opener.open(request, timeout=timeout)
        if 200 <= response.status < 300:
            return read(response)
        raise _error_of(response)
    except (OSError, http.client.HTTPException) as error:
        # The errors of connecting are wrapped.
        reason = getattr(error, "reason", error)
        if isinstance(reason, socket.timeout):
            raise PropTallyError("timeout", f"There was no answer within {timeout} s.") from error
        text = f"The server could not be reached: {reason}"
        raise PropTallyError("connection_failed", text) from error


class _Statuses(urllib.request.HTTPErrorProcessor):
    """Leaves every status to us, and follows no redirect, which would take the key along."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


_opener = urllib.request.build_opener(_Statuses)


def _is_worth_repeating(error: PropTallyError, is_safe: bool) -> bool:
    # The server did nothing: it was asked too much, or has no access to its data, or still works
    # on an earlier attempt with the same key.
    if error.status in (429, 503) or error.code == "request_running":
        return True
    return is_safe and error.status in (None, 502, 504)


def _read_json(response: http.client.HTTPResponse) -> Answer:
    with response:
        text = response.read()
    try:
        answer: Answer = json.loads(text)
    except ValueError as error:
        message = "The answer is not JSON, so it is none of the API's."
        raise PropTallyError("unexpected_answer", message, response) from error
    return answer


def _read_stream(response: http.client.HTTPResponse) -> http.client.HTTPResponse:
    if response.headers.get("Content-Type", "").startswith("text/event-stream"):
        return response
    response.close()
    message = "The answer is no stream of events, so it is none of the API's."
    raise PropTallyError("unexpected_answer", message, response)


def _pieces(response: http.client.HTTPResponse) -> Iterator[str]:
    """The text of a stream until its connection ends, or breaks, or is silent for too long."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    while True:
        try:
            piece = response.read1(65536)
        except (OSError, http.client.HTTPException):
            return
        if not piece:
            return
        yield decoder.decode(piece)


class _Event(NamedTuple):
    """A server-sent event.

    `type`: its name; of one without a name "message". `id`: its own, or else that of the event
    before it.
    """

    type: str
    data: str
    id: str


class _EventParser:
    """Reads server-sent events from text that arrives in pieces, cut anywhere.

    `retry`: how many seconds to wait before connecting again; None: the server has not said it.
    """

    def __init__(self) -> None:
        self.retry: float | None = None
        # The beginning of a line whose end has not arrived.
        self._begun = ""
        self._ended_in_cr = False
        self._type, self._id = "", ""
        self._data: list[str] = []

    def read(self, piece: str) -> Iterator[_Event]:
        """Takes the next piece, and gives the events that it completes."""
        if not piece:
            return
        # A CR LF may be cut in two.
        rest = piece[1:] if self._ended_in_cr and piece.startswith("\n") else piece
        self._ended_in_cr = piece.endswith("\r")
        *lines, self._begun = re.split("\r\n|\r|\n", self._begun + rest)
        for line in lines:
            if line:
                self._take(line)
                continue
            if self._data:
                yield _Event(self._type or "message", "\n".join(self._data), self._id)
            self._type, self._data = "", []

    def _take(self, line: str) -> None:
        # A comment is a field without a name.
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._type = value
        elif field == "id" and "\0" not in value:
            self._id = value
        elif field == "retry" and re.fullmatch("[0-9]+", value):
            self.retry = int(value) / 1000


def _error_of(response: http.client.HTTPResponse) -> PropTallyError:
    with response:
        text = response.read()
    try:
        answer = json.loads(text)
        return PropTallyError(answer["code"], answer["error"], response, answer)
    except (ValueError, TypeError, KeyError):
        message = f"The answer, of status {response.status}, is none of the API's."
        return PropTallyError("unexpected_answer", message, response)


def _seconds(header: str | None) -> float | None:
    """`Retry-After` in seconds: it is a number of them, or a date."""
    if header is None:
        return None
    if header.isdecimal():
        return int(header)
    try:
        return max(0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _text(value: Any) -> str:
    """A value of a query, as an address has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)


def _part(value: Any) -> str:
    """A value in a path."""
    # These would lead to another path.
    if value in (None, "", ".", ".."):
        raise ValueError(f"{value!r} is no id")
    return urllib.parse.quote(str(value), safe="")


def _new_key() -> str:
    """A new Idempotency-Key, which the attempts of one call share."""
    return str(uuid.uuid4())
