/** Words and numbers as pages show them. */

/** Ms with thousands separated: `1,250 ms`. */
export function ms(value: number): string {
  return `${number(Math.round(value))} ms`;
}

/** A duration that people compare: ms below ten seconds, seconds above. */
export function duration(value: number): string {
  return value < 10_000 ? ms(value) : `${number(Math.round(value / 100) / 10)} s`;
}

/** A number with thousands separated. */
export function number(value: number): string {
  // Rows of a long list ask often, and the locale's way takes many times as long.
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `1 case-run`, `1,624 case-runs` */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** Bytes in the largest unit that leaves a whole part: `12.4 KiB`. */
export function bytes(value: number): string {
  if (value < 1024) return count(value, 'byte');
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / 1024 / 1024).toFixed(1)} MiB`;
}

/** A text of at most so many characters, cut in the middle. */
export function middle(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 1) return '…';
  const head = Math.ceil((most - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

/** A share in whole per cent. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`;
}
