/** The bounds of the refresh interval, in seconds; plain numbers, which the build can inline. */
export const leastRefresh = 10;
export const mostRefresh = 86_400;
