import type { SortOrder } from '../../shared/trades.ts';

/** A place in the order of a partner's users or accounts, the oldest first. */
export interface AgePlace {
  created_at: number;
  id: string;
}

/** A part of a list: of its rows in an order, so many after the first ones. */
export interface ListPart {
  order: SortOrder;
  offset: number;
  limit: number;
}

/** The same rows as a part of the list in the opposite order. It must have as many as `limit` says. */
export function fromOtherEnd({ order, offset, limit }: ListPart, total: number): ListPart {
  return { order: order === 'asc' ? 'desc' : 'asc', offset: total - offset - limit, limit };
}

/** The same rows, in the order in which fewer rows come before them: those have to be skipped. */
export function fromNearerEnd(part: ListPart, total: number): ListPart {
  const other = fromOtherEnd(part, total);
  return other.offset < part.offset ? other : part;
}
