/**
 * `map` over `items`, at most `limit` at the same time; results in the order of the items.
 * The first failure stops the start of further ones and is thrown when those under way have ended.
 */
export async function mapPool<T, R>(
  items: Iterable<T>,
  limit: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const iterator = items[Symbol.iterator]();
  let index = 0;
  let failure: { error: unknown } | undefined;
  const work = async (): Promise<void> => {
    while (failure === undefined) {
      const next = iterator.next();
      if (next.done) return;
      const at = index++;
      try {
        results[at] = await map(next.value, at);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (failure !== undefined) throw failure.error;
  return results;
}
