import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { notesOf, withVersion } from '../../scripts/release.ts';
import { ACTION } from '../../src/setup/workflows.ts';
import { VERSION } from '../../src/model/version.ts';

/** Promises of the repository to the Marketplace, to contributors, and to supply-chain reviewers. */

const yaml = (file: string) => load(readFileSync(file, 'utf8')) as Record<string, unknown>;
const WORKFLOWS = readdirSync('.github/workflows').map((file) => `.github/workflows/${file}`);

test('action.yml has a name, an icon, a colour and a description of at most 125 characters for the Marketplace', () => {
  const action = yaml('action.yml') as { name: string; description: string; branding: object };
  expect(action.name.length).toBeGreaterThan(5);
  expect(action.description.length).toBeLessThanOrEqual(125);
  expect(action.branding).toEqual({ icon: 'clock', color: 'green' });
});

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

describe.each(WORKFLOWS)('%s', (file) => {
  const workflow = yaml(file) as {
    permissions: object;
    jobs: Record<string, { permissions?: object; 'timeout-minutes'?: number; steps: Step[] }>;
  };
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

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

  test('every checkout says whether it keeps the credentials', () => {
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(typeof step.with?.['persist-credentials']).toBe('boolean');
  });

  test('no script contains an expression, which an attacker could fill with commands', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${' + '{');
  });

  test('no event runs foreign code with write access', () => {
    expect(Object.keys((workflow as unknown as { on: object }).on)).not.toContain('pull_request_target');
  });
});

test('dependencies are updated a week after their release at the earliest', () => {
  const { updates } = yaml('.github/dependabot.yml') as { updates: { cooldown?: object }[] };
  for (const { cooldown } of updates) expect(cooldown).toEqual({ 'default-days': 7 });
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

  test('makes the tag that every text names', () => {
    const { files, major } = versionsInTexts();
    expect(files.length).toBeGreaterThan(20);
    for (const { file, tag } of files) expect([file, tag]).toEqual([file, `v${major}`]);
    expect(ACTION).toBe(`deploy-latency-guard/deploy-latency-guard@v${VERSION}`);
  });

  test('is drafted if no changes are pending, and then moves the tag of the major version', () => {
    const remote = mkdtempSync(join(tmpdir(), 'remote-'));
    const clone = mkdtempSync(join(tmpdir(), 'clone-'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' });
    const output = join(clone, '.git', 'output');
    const run = (job: string, name: string, env = {}) =>
      execFileSync('bash', ['-e', '-c', script(job, name)], {
        cwd: clone,
        env: { ...process.env, GITHUB_OUTPUT: output, ...env },
        stdio: 'pipe',
      });
    execFileSync('git', ['init', '--quiet', '--bare', remote]);
    git('init', '--quiet');
    git('remote', 'add', 'origin', remote);
    execFileSync('cp', ['-r', 'package.json', '.changeset', clone]);
    for (const file of readdirSync('.changeset').filter(
      (file) => file.endsWith('.md') && file !== 'README.md',
    ))
      execFileSync('rm', [join(clone, '.changeset', file)]);
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'Release');
    writeFileSync(output, '');

    run('look', 'look');
    expect(readFileSync(output, 'utf8')).toBe(`version=${VERSION}\npending=0\nreleased=0\n`);

    git('tag', `v${VERSION}`);
    git('push', '--quiet', 'origin', `v${VERSION}`);
    run('move', 'Move the tag', { TAG: `v${VERSION}` });
    run('look', 'look');
    expect(readFileSync(output, 'utf8')).toContain('released=1');
    expect(git('ls-remote', '--tags', 'origin').match(/v\d.*/g)?.toSorted()).toEqual([
      `v${versionsInTexts().major}`,
      `v${VERSION}`,
    ]);
  });
});

/** The script of a step of the release workflow, by the step's name or id. */
function script(job: string, name: string): string {
  const { jobs } = yaml('.github/workflows/release.yml') as {
    jobs: Record<string, { steps: (Step & { id?: string })[] }>;
  };
  const run = jobs[job]?.steps.find((step) => step.name === name || step.id === name)?.run;
  if (run === undefined) throw new Error(`release.yml has no step "${name}" in ${job}.`);
  return run;
}

/** The major version, and each tag of the action that a file names in `uses` or in an address. */
function versionsInTexts(): { major: string; files: { file: string; tag: string }[] } {
  const [major = ''] = VERSION.split('.');
  const folders = ['docs', 'examples', '.github/workflows', 'src/setup'];
  const files = ['README.md', 'CONTRIBUTING.md', ...folders.flatMap(filesIn)].flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /deploy-latency-guard\/deploy-latency-guard(?:\/[\w./-]+)?@(v\d+)\b|deploy-latency-guard\/deploy-latency-guard\/(v\d+)\//g,
      ),
    ].map(([, used, address]) => ({ file, tag: used ?? address ?? '' })),
  );
  return { major, files };
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(md|ya?ml|json|ts)$/.test(file))
    .map((file) => join(folder, file));
