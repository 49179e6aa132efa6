/** Lengths of time, in milliseconds. Plain numbers, which the build writes where they are used. */
export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day = 86_400_000;
