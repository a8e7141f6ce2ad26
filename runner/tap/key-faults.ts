/** A fault that a key of the terminal and a button of the page carry out. */
export interface KeyFault {
  readonly key: string;
  /** `cut connections` */
  readonly says: string;
  /** In the grammar of cases. */
  readonly text: string;
}

/** In the order in which people are told of them. */
export const KEY_FAULTS: readonly KeyFault[] = [
  { key: 'c', says: 'cut connections', text: 'cut: {}' },
  { key: 's', says: 'stall them', text: 'stall' },
  { key: 'u', says: 'resume', text: 'resume' },
  { key: 'f', says: 'refuse new ones', text: 'refuse' },
  { key: 'r', says: 'restore all', text: 'restore' },
  { key: 'l', says: 'release what is held', text: 'release' },
];
