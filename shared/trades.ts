import { toDecimal, type Units } from './money.ts';

export const directions = ['long', 'short'] as const;
export type Direction = (typeof directions)[number];

export const tradeStatuses = ['closed', 'open', 'all'] as const;
export type TradeStatus = (typeof tradeStatuses)[number];

export const sortOrders = ['desc', 'asc'] as const;
export type SortOrder = (typeof sortOrders)[number];

/** The kinds of columns, with their types in the database. */
export const columnKinds = {
  /** 1 to 64 letters, digits and the signs `_.:-`. */
  id: 'text',
  /** At most `longest` printable characters. */
  text: 'text',
  /** The same, in any number of lines. */
  lines: 'text',
  /** One of `words`. */
  word: 'text',
  /** Above zero. */
  quantity: 'real',
  price: 'real',
  /** Epoch ms. */
  time: 'integer',
  /** Money: ten-thousandths in the database, a decimal number in the API. */
  amount: 'integer',
  /** Money that is zero or below. */
  cost: 'integer',
} as const;

type ColumnKind = keyof typeof columnKinds;

export type TradeColumn = (
  | { readonly kind: 'text' | 'lines'; readonly longest: number }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: Exclude<ColumnKind, 'text' | 'lines' | 'word'> }
) & {
  /**
   * When the value becomes final. At entry: a row that closes a trade leaves it as it is. At exit:
   * such a row sets it, and if its default is null, every closed trade must have it.
   */
  readonly settled: 'at entry' | 'at exit';
  /** The value if none is given: null, zero, or one made from the rest of the row. Absent: it is required. */
  readonly default?: null | 0 | 'made';
  /**
   * Whether two rows with the same id must have the same value. For a column that is settled at
   * exit, this holds only if both are closed.
   */
  readonly isCompared?: true;
  /** Its name in sentences; absent: the column's name. */
  readonly label?: string;
  /** For the API's documentation. */
  readonly description: string;
};

/**
 * The columns of a trade, by their names in the database, the API and plain CSV files. All code that
 * handles columns uses this list: a new column is an entry here, and a migration that adds it to the
 * table.
 */
const columns = {
  id: {
    kind: 'id',
    settled: 'at entry',
    default: 'made',
    isCompared: true,
    description: 'The trade’s id, unique within the account.',
  },
  symbol: {
    kind: 'text',
    longest: 32,
    settled: 'at entry',
    isCompared: true,
    description: 'The symbol; for a future its root, such as MES.',
  },
  contract: {
    kind: 'text',
    longest: 32,
    settled: 'at entry',
    default: null,
    description: 'The contract of a future, such as MESH5; null: none was given.',
  },
  direction: {
    kind: 'word',
    words: directions,
    settled: 'at entry',
    isCompared: true,
    description: '`long`: bought first, then sold; `short`: the reverse.',
  },
  quantity: {
    kind: 'quantity',
    settled: 'at entry',
    isCompared: true,
    description: 'The number of contracts, lots or shares; above zero in both directions.',
  },
  entry_price: {
    kind: 'price',
    settled: 'at entry',
    description: 'The average price at which the trade was opened.',
  },
  exit_price: {
    kind: 'price',
    settled: 'at exit',
    default: null,
    description: 'The average price at which the trade was closed; null while it is open.',
  },
  entry_time: {
    kind: 'time',
    settled: 'at entry',
    isCompared: true,
    description: 'When the trade was opened. In epoch milliseconds.',
  },
  exit_time: {
    kind: 'time',
    settled: 'at exit',
    default: null,
    isCompared: true,
    description: 'When the trade was closed; null while it is open. In epoch milliseconds.',
  },
  pnl: {
    kind: 'amount',
    settled: 'at exit',
    default: null,
    isCompared: true,
    label: 'P&L',
    description:
      'The net P&L: what the account gained after commission, fees and swap; null while the trade is open.',
  },
  commission: {
    kind: 'cost',
    settled: 'at exit',
    default: 0,
    description:
      'The commission, zero or below. `pnl` includes it already, so don’t subtract it again.',
  },
  setup_type: {
    kind: 'text',
    longest: 64,
    settled: 'at entry',
    default: null,
    description: 'The trader’s name for the pattern that was traded; null: none was given.',
  },
  notes: {
    kind: 'lines',
    longest: 2_000,
    settled: 'at entry',
    default: null,
    description: 'What was noted about the trade; null: nothing was.',
  },
} as const satisfies Record<string, TradeColumn>;

type Columns = typeof columns;
export type TradeField = keyof Columns;

export const tradeColumns: Readonly<Record<TradeField, TradeColumn>> = columns;
export const tradeFields = Object.keys(columns) as TradeField[];

/** The columns for which `is` returns true, in the order of the list. */
export function fieldsWhere(is: (column: TradeColumn) => boolean | undefined): TradeField[] {
  return tradeFields.filter((field) => is(tradeColumns[field]));
}

/** The columns that a whole trade must have. */
export const requiredFields = fieldsWhere((column) => column.default === undefined);

/** The columns that closing a trade changes. */
export const closingFields = fieldsWhere(({ settled }) => settled === 'at exit');

/** The columns by which a row of a file is told to be a trade that is there. */
export const comparedFields = {
  atEntry: fieldsWhere(({ isCompared, settled }) => isCompared && settled === 'at entry'),
  /** Where both are closed. */
  atExit: fieldsWhere(({ isCompared, settled }) => isCompared && settled === 'at exit'),
};

/** A column's name in sentences: `entry price`. */
export function labelOf(field: TradeField): string {
  return tradeColumns[field].label ?? field.replaceAll('_', ' ');
}

type ValueOf<Column extends TradeColumn> = Column extends {
  readonly words: readonly (infer Word)[];
}
  ? Word
  : (typeof columnKinds)[Column['kind']] extends 'text'
    ? string
    : Column['kind'] extends 'amount' | 'cost'
      ? Units
      : number;

/** Money in ten-thousandths (money.ts), times in epoch ms. */
export type Trade = {
  [Field in TradeField]:
    | ValueOf<Columns[Field]>
    | (Columns[Field] extends { readonly default: null } ? null : never);
};

export type ClosedTrade = {
  [Field in TradeField]: Columns[Field]['settled'] extends 'at exit'
    ? NonNullable<Trade[Field]>
    : Trade[Field];
};

export const moneyFields = new Set(fieldsWhere(({ kind }) => kind === 'amount' || kind === 'cost'));

/** A value as in the API: money as a decimal number. */
export function presentField(trade: Trade, field: TradeField): Trade[TradeField] {
  const value = trade[field];
  return moneyFields.has(field) && value !== null ? toDecimal(value as Units) : value;
}

/** A trade as in the API: its columns in order. */
export function presentTrade(trade: Trade): Trade {
  return Object.fromEntries(
    tradeFields.map((field) => [field, presentField(trade, field)]),
  ) as Trade;
}

type Optional = {
  [Field in TradeField]: Columns[Field] extends { readonly default: null | 0 } ? Field : never;
}[TradeField];

/** The columns that are null or zero if nothing is given. */
export const tradeDefaults = Object.fromEntries(
  tradeFields
    .map((field) => [field, tradeColumns[field].default] as const)
    .filter(([, value]) => value === null || value === 0),
) as Pick<Trade, Optional>;

/** The columns that `GET /trades` can be sorted by. */
export const tradeSorts = [
  'entry_time',
  'exit_time',
  'pnl',
  'symbol',
  'quantity',
] as const satisfies readonly TradeField[];
export type TradeSort = (typeof tradeSorts)[number];
