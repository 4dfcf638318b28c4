import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { broken, finding, summary } from '../../../tests/make/summary.ts';
import type { Rule } from '../../jobs/explain/index.ts';
import { type Dockerfile, findLine } from './dockerfile-lines.ts';
import { findingsPage, rulesText } from './findings-page.ts';
import { explainGithub } from './github.ts';
import { explainMarkdown } from './markdown.ts';
import { explainSarif } from './sarif.ts';

const dockerfile: Dockerfile = {
  path: 'build/Docker file',
  text: [
    '# escape=\\',
    'FROM golang AS build',
    'USER builder',
    'COPY . /src',
    '',
    'from alpine',
    'ENV MODE=fast \\',
    '    # in between',
    '    TZ=Europe/Vienna',
    'COPY --from=build /out/app /usr/bin/',
    'COPY ["a file", "/etc/"]',
    'USER app',
    'WORKDIR srv',
    'CMD ["x"]',
    'entrypoint ["/usr/bin/app"]',
  ].join('\r\n'),
};

const rule: Rule = {
  ...{ code: 'lib-missing', severity: 'blocks', title: 'A library | is missing.', why: 'It is not there.' },
  ...{ sees: ['glibc: ```no'], fix: 'Bring it.', dockerfile: 'RUN true', judge: () => [] },
};

describe('the line of the Dockerfile', () => {
  const lineOf = (code: string, about: Record<string, string> = {}, missing: string[] = []) =>
    findLine(dockerfile, finding({ code, about, missing }));

  it('is that of the instruction which is to blame, in the final stage', () => {
    assert.equal(lineOf('user-not-found'), 12);
    assert.equal(lineOf('workdir-invalid'), 13);
    assert.equal(lineOf('entrypoint-not-in-path'), 15);
    assert.equal(lineOf('late-tzdata-missing', { variable: 'TZ' }), 7);
  });

  it('is where the file was copied', () => {
    assert.equal(lineOf('loader-missing', { subject: '/usr/bin/app' }), 10);
    assert.equal(lineOf('script-unreadable', {}, ['/etc/a file']), 11);
    assert.equal(lineOf('loader-missing', { subject: '/usr/bin/other' }), 6);
  });

  it('is the base where nothing else is known, and the first without one', () => {
    assert.equal(lineOf('late-certs-missing'), 6);
    assert.equal(findLine({ path: 'x', text: '' }, finding({})), 1);
  });
});

describe('annotations of a workflow', () => {
  it('are one for each finding, with the characters escaped that the runner takes for its own', () => {
    assert.equal(
      explainGithub([broken], dockerfile),
      [
        '::error file=build/Docker file,line=6,title=web%3A does not start::' +
          'web does not start: liba.so.1, which /app needs, is nowhere (lib-missing)%0AInstall it:%0ARUN apt-get install -y liba1',
        '::warning file=build/Docker file,line=6,title=web%3A late-certs-missing::no certificates (late-certs-missing)%0ACOPY them.',
        '::notice file=build/Docker file,line=15,title=web%3A pid1-signals::nobody reaps (pid1-signals)%0AUse --init.',
      ].join('\n'),
    );
    const odd = summary({}, { place: 'a,b', findings: [finding({ severity: 'notes', says: '100%\n::error::x' })] });
    assert.equal(
      explainGithub([odd], undefined),
      '::notice title=a%2Cb%3A lib-missing::100%25\\n::error::x (lib-missing)%0AChange it.',
    );
  });
});

describe('the log for code scanners', () => {
  it('has what SARIF 2.1.0 asks for, and points at the Dockerfile', () => {
    const log = explainSarif([broken], { version: '1.2.3', rules: [rule], dockerfile }) as {
      version: string;
      runs: [{ tool: { driver: { name: string; rules: { id: string }[] } }; results: Record<string, unknown>[] }];
    };
    assert.equal(log.version, '2.1.0');
    const [{ tool, results }] = log.runs;
    assert.equal(tool.driver.name, 'osless');
    assert.deepEqual(
      tool.driver.rules.map(({ id }) => id),
      ['lib-missing'],
    );
    assert.deepEqual(
      results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level]),
      [
        ['lib-missing', 0, 'error'],
        ['late-certs-missing', undefined, 'warning'],
        ['pid1-signals', undefined, 'note'],
      ],
    );
    const [{ locations: [location] = [] } = {}] = results as { locations?: { physicalLocation: unknown }[] }[];
    assert.deepEqual(location?.physicalLocation, {
      artifactLocation: { uri: 'build/Docker%20file' },
      region: { startLine: 6 },
    });
  });

  it('points at the image by its name without a Dockerfile', () => {
    const log = explainSarif([broken], { version: '1', rules: [], dockerfile: undefined });
    assert.match(JSON.stringify(log), /"locations":\[\{"logicalLocations":\[\{"name":"web"/);
  });
});

describe('the comment for a pull request', () => {
  it('says the same as the text', () => {
    const text = explainMarkdown([broken]);
    assert.match(text, /^### ❌ web does not start: liba\.so\.1, which \/app needs, is nowhere \(lib-missing\)\n/);
    assert.match(text, /```text\n✓ \/run\.sh {2}\(script for \/bin\/sh\)\n/);
    assert.match(text, /```text\nInstall it:\nRUN apt-get install -y liba1\n```/);
    assert.match(text, /- `late-certs-missing`: no certificates {2}\n {2}COPY them\./);
  });

  it('takes no markup from names, and mentions nobody', () => {
    const text = explainMarkdown([summary({}, { place: '<img>[x](y)@octocat`' })]);
    assert.match(text, /^### ✅ \\<img\\>\\\[x\\\]\(y\)@<!-- -->octocat\\` starts\n/);
  });
});

describe('the page of findings', () => {
  it('has a table of contents and a section for each code', () => {
    const page = findingsPage([rule]);
    assert.match(page, /^\| \[lib-missing\]\(#lib-missing\) \| A library \\\| is missing\. \|$/m);
    assert.match(page, /^## lib-missing\n\n\*\*A library/m);
    assert.match(page, /^````text\nglibc: ```no\n````$/m);
  });

  it('lists rules in columns', () => {
    assert.equal(
      rulesText([rule, { ...rule, code: 'x', severity: 'notes' }]),
      ['lib-missing  blocks    A library | is missing.', 'x            notes     A library | is missing.'].join('\n'),
    );
  });
});
