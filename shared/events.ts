/** The types of events that tell a partner what happened. */
export const eventTypes = [
  'trade.created',
  'trade.updated',
  'milestone.reached',
  'account.created',
  'account.updated',
  'daily_summary',
  'trade.deleted',
  'import.completed',
] as const;

export type EventType = (typeof eventTypes)[number];
