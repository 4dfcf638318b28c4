import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  glibcFiles,
  glibcProgram,
  judgedBy,
  type MadeFiles,
  muslFiles,
  muslProgram,
  type SceneParts,
} from '../../../../../tests/make/scene.ts';
import { lateDataMissing } from './late-data-missing.ts';

const judge = (parts: SceneParts) => judgedBy(lateDataMissing, parts);
const gconv = '/usr/lib/x86_64-linux-gnu/gconv';
const made = (imports: string[], strings: string[] = []): MadeFiles => ({
  ...glibcFiles(),
  '/app': glibcProgram({ imports, strings }),
});
const lang = { config: { env: ['LANG=de_DE.UTF-8'] } };

describe('late-data-missing', () => {
  it('speaks of a locale in the environment that a program sets and the image has not', async () => {
    const [found, ...others] = await judge({ files: made(['setlocale']), ...lang });
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, ['de_DE.UTF-8']);
    assert.equal(others.length, 0);
  });

  it('names std::locale, which throws', async () => {
    const [found] = await judge({ files: made(['_ZNSt6localeC1EPKc']), ...lang });
    assert.match(found?.says ?? '', /std::locale/);
  });

  it('only notes a locale that the program does not set', async () => {
    const [found] = await judge({ files: made(['puts']), ...lang });
    assert.equal(found?.severity, 'notes');
  });

  it('is silent where the locale is there, under any of its spellings, or an archive', async () => {
    for (const path of ['de_DE.utf8/LC_CTYPE', 'de_DE.UTF-8/LC_CTYPE', 'de.utf8/LC_CTYPE', 'locale-archive'])
      assert.deepEqual(
        await judge({ files: { ...made(['setlocale']), [`/usr/lib/locale/${path}`]: 'x' }, ...lang }),
        [],
        path,
      );
    const elsewhere = { ...made(['setlocale']), '/locales/de_DE.utf8/LC_CTYPE': 'x' };
    assert.deepEqual(await judge({ files: elsewhere, config: { env: ['LANG=de_DE.UTF-8', 'LOCPATH=/locales'] } }), []);
  });

  it('takes C and POSIX as built in, and C.UTF-8 as a file', async () => {
    const judged = async (name: string, files = made(['setlocale'])) =>
      judge({ files, config: { env: [`LC_ALL=${name}`] } });
    assert.deepEqual(await judged('C'), []);
    assert.deepEqual(await judged('POSIX'), []);
    assert.equal((await judged('C.UTF-8')).length, 1);
    assert.deepEqual(await judged('C.UTF-8', { ...made(['setlocale']), '/usr/lib/locale/C.utf8/LC_CTYPE': 'x' }), []);
  });

  it('knows that musl has everything inside', async () => {
    const files = {
      ...muslFiles,
      '/app': muslProgram({ imports: ['setlocale', 'iconv_open'], strings: ['ISO-8859-1'] }),
    };
    assert.deepEqual(await judge({ files, ...lang }), []);
  });

  it('sees a locale that stands in a small program', async () => {
    const [found] = await judge({ files: made(['setlocale'], ['fr_FR.UTF-8']) });
    assert.deepEqual(found?.missing, ['fr_FR.UTF-8']);
  });

  it('speaks of character sets without modules, and not of those that are built in', async () => {
    const [found] = await judge({ files: made(['iconv_open'], ['ISO-8859-1//TRANSLIT', 'UTF-8']) });
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, ['ISO-8859-1']);
    const [unsure] = await judge({ files: made(['iconv_open'], ['UTF-8']) });
    assert.equal(unsure?.severity, 'notes');
    assert.deepEqual(await judge({ files: { ...made(['iconv_open'], ['GBK']), [`${gconv}/gconv-modules`]: 'x' } }), []);
    assert.deepEqual(await judge({ files: made(['puts'], ['GBK']) }), []);
  });
});
