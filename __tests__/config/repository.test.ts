import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { notesOf, withVersion } from '../../scripts/release.ts';

/** Promises of the repository to the Marketplace, to contributors, and to supply-chain reviewers. */

const yaml = (file: string) => load(readFileSync(file, 'utf8')) as Record<string, unknown>;
const WORKFLOWS = readdirSync('.github/workflows').map((file) => `.github/workflows/${file}`);

test('action.yml has a name, an icon, a colour and a description of at most 125 characters for the Marketplace', () => {
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

  test('every job sets its permissions and a timeout', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
    }
  });

  test('every third-party action is pinned to a commit, with its version in a comment', () => {
    for (const [line] of readFileSync(file, 'utf8').matchAll(/^.*uses: (?!\.\/|deploy-latency-guard\/).*$/gm))
      expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

test('labels.yml has every label that the forms and the guard use', () => {
  const labels = (load(readFileSync('.github/labels.yml', 'utf8')) as { name: string }[]).map(
    (label) => label.name,
  );
  const forms = readdirSync('.github/ISSUE_TEMPLATE').filter((file) => file !== 'config.yml');
  const used = forms.flatMap((form) => yaml(`.github/ISSUE_TEMPLATE/${form}`).labels as string[]);
  expect(used.length).toBe(forms.length);
  for (const label of [...used, 'deploy-latency']) expect(labels).toContain(label);
});

test('the form for a wrong answer asks for a redacted report', () => {
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
])('%s exists', (file) => {
  expect(existsSync(file)).toBe(true);
});

describe('a release', () => {
  test('has only the notes of its own version', () => {
    const changelog = '# Changelog\n\n## 0.2.0\n\n- Two.\n\n## 0.1.0\n\n- One.\n';
    expect(notesOf(changelog, '0.2.0')).toBe('- Two.\n');
    expect(notesOf(changelog, '0.1.0')).toBe('- One.\n');
    expect(() => notesOf(changelog, '0.3.0')).toThrow('CHANGELOG.md has no section for 0.3.0.');
  });

  test('of the current version has notes', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(notesOf(readFileSync('CHANGELOG.md', 'utf8'), version).length).toBeGreaterThan(100);
  });

  test('writes its version into the source', () => {
    expect(withVersion("export const VERSION = '0.1.0';\n", '1.2.3')).toBe(
      "export const VERSION = '1.2.3';\n",
    );
  });
});
