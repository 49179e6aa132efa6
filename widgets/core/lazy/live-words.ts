/** Whether a widget hears of changes as they happen. */
export const english = {
  live: 'Live',
  reconnecting: 'Reconnecting',
};
