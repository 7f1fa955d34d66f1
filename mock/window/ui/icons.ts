/** One set, 24 × 24, drawn as strokes. */
export const paths = {
  chat: 'M4 5h16v11H9l-4 3.5V16H4z',
  grid: 'M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z',
  panel: 'M4 5h16v14H4zM14 5v14',
  back: 'M14.5 5 8 12l6.5 7',
  reload: 'M19 12a7 7 0 1 1-2-4.9M19 4v4h-4',
  down: 'M6 9.5l6 6 6-6',
  close: 'M6 6l12 12M18 6 6 18',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2',
  leave: 'M14 4H5v16h9M10 12h10M16.5 8.5 20 12l-3.5 3.5',
  fault: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.5',
  check: 'M5 12.5 10 17.5 19.5 7',
  phone: 'M7 3h10v18H7zM11 18h2',
  width: 'M4 12h16M7.5 8.5 4 12l3.5 3.5M16.5 8.5 20 12l-3.5 3.5',
} as const

export type IconName = keyof typeof paths
