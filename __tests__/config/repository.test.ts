import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { notesOf, withVersion } from '../../scripts/release.ts';

/** What the repository promises to the Marketplace, to whoever contributes, and to those who look at its supply chain. */

const yaml = (file: string) => load(readFileSync(file, 'utf8')) as Record<string, unknown>;
const WORKFLOWS = readdirSync('.github/workflows').map((each) => `.github/workflows/${each}`);

test('the Marketplace: a name, an icon, a colour, a description of at most 125 characters', () => {
  const action = yaml('action.yml') as { name: string; description: string; branding: object };
  expect(action.name.length).toBeGreaterThan(5);
  expect(action.description.length).toBeLessThanOrEqual(125);
  expect(action.branding).toEqual({ icon: 'clock', color: 'green' });
});

describe.each(WORKFLOWS)('%s', (file) => {
  const workflow = yaml(file) as {
    permissions: object;
    jobs: Record<string, { permissions?: object; 'timeout-minutes'?: number }>;
  };

  test('nothing is allowed that no job asks for, and every job ends some time', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
    }
  });

  test('every action of others is pinned by its commit, with its version behind it', () => {
    for (const [line] of readFileSync(file, 'utf8').matchAll(/^.*uses: (?!\.\/|deploy-latency-guard\/).*$/gm))
      expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

test('labels that forms and guard put on issues are there', () => {
  const labels = (load(readFileSync('.github/labels.yml', 'utf8')) as { name: string }[]).map(
    (each) => each.name,
  );
  const forms = readdirSync('.github/ISSUE_TEMPLATE').filter((each) => each !== 'config.yml');
  const used = forms.flatMap((form) => yaml(`.github/ISSUE_TEMPLATE/${form}`).labels as string[]);
  expect(used.length).toBe(forms.length);
  for (const each of [...used, 'deploy-latency']) expect(labels).toContain(each);
});

test('the form for a wrong answer asks for a report with what is private left out', () => {
  expect(readFileSync('.github/ISSUE_TEMPLATE/wrong-answer.yml', 'utf8')).toContain('--redact');
});

test.each([
  'CODE_OF_CONDUCT.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'LICENSE',
  '.node-version',
  '.devcontainer/devcontainer.json',
  '.github/CODEOWNERS',
  '.github/dependabot.yml',
])('%s is there', (file) => {
  expect(existsSync(file)).toBe(true);
});

describe('a release', () => {
  test("has its version's notes, and no other's", () => {
    const changelog = '# Changelog\n\n## 0.2.0\n\n- Two.\n\n## 0.1.0\n\n- One.\n';
    expect(notesOf(changelog, '0.2.0')).toBe('- Two.\n');
    expect(notesOf(changelog, '0.1.0')).toBe('- One.\n');
    expect(() => notesOf(changelog, '0.3.0')).toThrow('CHANGELOG.md has no section for 0.3.0.');
  });

  test('this one has notes already', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(notesOf(readFileSync('CHANGELOG.md', 'utf8'), version).length).toBeGreaterThan(100);
  });

  test('its version is written where the product says it', () => {
    expect(withVersion("export const VERSION = '0.1.0';\n", '1.2.3')).toBe(
      "export const VERSION = '1.2.3';\n",
    );
  });
});
