/** `once`, `3 times`. */
export function timesOf(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
