import type { Rule } from '../../rule.ts';
import { exists } from './ask.ts';
import { mentions, workOf } from './work.ts';

const tables = [
  '/etc/mime.types',
  '/etc/apache2/mime.types',
  '/etc/apache/mime.types',
  '/etc/httpd/conf/mime.types',
  '/usr/local/share/mime/globs2',
  '/usr/share/mime/globs2',
];

export const mimeTypesMissing: Rule = {
  code: 'mime-types-missing',
  severity: 'notes',
  title: 'The Go program serves files, and the image has no table of their types.',
  sees: ['browser: fonts and documents are downloaded, or refused, as they come without a Content-Type of their own'],
  why: 'Go knows the types of about twenty endings (.css, .js, .html, .wasm, .mp4, …) and reads /etc/mime.types for others, such as .woff2 and .md; without it the content is guessed.',
  fix: 'Bring /etc/mime.types, or call mime.AddExtensionType.',
  dockerfile: 'COPY --from=build /etc/mime.types /etc/mime.types',
  async judge(scene) {
    const work = await workOf(scene);
    if (work?.language !== 'go' || !(await mentions(work, 'Error reading directory'))) return [];
    for (const path of tables) if (await exists(scene, path)) return [];
    return [
      {
        says: `${work.program.path} serves files (http.FileServer), and the image has no /etc/mime.types`,
        missing: ['/etc/mime.types'],
        about: { program: work.program.path },
      },
    ];
  },
};
