import { words as common } from '../core/words.ts';

export const words = {
  heading: 'Leaderboard',
  place: 'Rank',
  rank: (figure: string) => `#${figure}`,
  of: (traders: string) => `of ${traders}`,
  traders: (count: number, figure: string) => `${figure} ${count === 1 ? 'trader' : 'traders'}`,
  leads: (traders: string, value: string) => `leads ${traders}${traders && ' '}with ${value}`,
  points: (figure: string) => `${figure} points`,
  behind: (gap: string, place: string) => `${gap} behind ${place}`,
  aheadOf: (gap: string, place: string) => `${gap} ahead of ${place}`,
  to: (gap: string, place: string) => `${gap} to ${place}`,
  levelWith: (place: string) => `level with ${place}`,
  places: ['first place', 'second place', 'third place', 'fourth place'],
  trader: 'Trader',
  thisAccount: 'this account',
  columns: { pnl: common.pnl, win_rate: common.winRate, trades: common.trades },
};
