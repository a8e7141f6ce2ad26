/** Does something with each of a list, so many at a time; results in the list's order. Rejects with the first error, once all have ended. */
export async function sideBySide<T, R>(list: readonly T[], atATime: number, act: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  const queue = list.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) done[index] = await act(item, index);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atATime, list.length) }, lane));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return done;
}
