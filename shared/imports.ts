/**
 * `running`: its trades are being kept, some are already; `done`: they are; `refused`: nothing was
 * kept; `undoing`, `undone`: it is being taken back, or was.
 */
export const importStates = ['running', 'done', 'refused', 'undoing', 'undone'] as const;
export type ImportState = (typeof importStates)[number];

/**
 * `asked`: somebody wanted it; `conflict`: a row had become impossible while others were kept;
 * `interrupted`: the process that kept its trades has ended.
 */
export const undoReasons = ['asked', 'conflict', 'interrupted'] as const;
export type UndoReason = (typeof undoReasons)[number];
