/** The states of an account; `erased`: it is being removed, and nothing tells of it any more. */
export const accountStatuses = ['active', 'closed', 'erased'] as const;
export type AccountStatus = (typeof accountStatuses)[number];

/** The states that answers tell of. */
export const shownStatuses = ['active', 'closed'] as const satisfies readonly AccountStatus[];
export type ShownStatus = (typeof shownStatuses)[number];
