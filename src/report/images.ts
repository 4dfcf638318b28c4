import type { ImageRow } from '../jobs/images/index.ts';
import { formatSize } from '../kit/index.ts';
import { formatAgo } from './ago.ts';
import { formatTable } from './table.ts';

export interface ImagesTextOptions {
  readonly nowSeconds: number;
  readonly idsOnly: boolean;
  /** Whether ids are given in full. */
  readonly isFull: boolean;
}

/** What `osless images` prints: docker's table. */
export function imagesText(rows: readonly ImageRow[], { nowSeconds, idsOnly, isFull }: ImagesTextOptions): string {
  const shown = (digest: string) => (isFull ? digest : shortId(digest));
  if (idsOnly) return [...new Set(rows.map(({ digest }) => shown(digest)))].join('\n');
  return formatTable(
    ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'],
    rows.map(({ repository, tag, digest, created, sizeBytes }) => [
      repository ?? '<none>',
      tag ?? '<none>',
      shown(digest),
      formatAgo(created ?? undefined, nowSeconds),
      formatSize(sizeBytes),
    ]),
  );
}

/** The first 12 digits of a digest, as docker shows them. */
const shortId = (digest: string): string => digest.slice(digest.indexOf(':') + 1).slice(0, 12);
