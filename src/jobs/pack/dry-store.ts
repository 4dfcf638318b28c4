import type { NamedStore } from '../../content/index.ts';
import { digester } from '../../kit/index.ts';

/** `store`, but what is put is only weighed and named: for finding out what would come of it. */
export const dryStore = (store: NamedStore): NamedStore => ({
  ...store,
  put: async (source) => {
    const hash = digester();
    let sizeBytes = 0;
    for await (const chunk of source.open()) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
    }
    return { digest: hash.digest(), sizeBytes };
  },
});
