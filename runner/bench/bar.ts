/** What a figure must come to. */
export interface Bar {
  readonly is: 'at most' | 'at least';
  readonly value: number;
  readonly unit: string;
}

/** Whether a figure comes to its bar. What could not be measured does not. */
export function isMet({ is, value }: Bar, measured: number): boolean {
  return is === 'at most' ? measured <= value : measured >= value;
}

/** A bar beside its figure, as a cell of a table; empty where there is none: `at least 500 a second: missed`. */
export function barCell(bar: Bar | undefined, measured: number): string {
  if (bar === undefined) return '';
  const value = Number.isInteger(bar.value) ? String(bar.value) : bar.value.toPrecision(3);
  return `${bar.is} ${value}${bar.unit === '' ? '' : ` ${bar.unit}`}: ${isMet(bar, measured) ? 'met' : 'MISSED'}`;
}

/** Several of them in one cell. */
export function barCells(cells: readonly (readonly [bar: Bar | undefined, measured: number])[]): string {
  return cells
    .map(([bar, measured]) => barCell(bar, measured))
    .filter((cell) => cell !== '')
    .join('; ');
}
