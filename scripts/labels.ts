/** Creates and updates the labels in .github/labels.yml with GitHub's command line: `npm run labels`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

const labels = load(readFileSync('.github/labels.yml', 'utf8')) as {
  name: string;
  color: string;
  description: string;
}[];
for (const { name, color, description } of labels)
  execFileSync('gh', ['label', 'create', name, '--force', '--color', color, '--description', description], {
    stdio: 'inherit',
  });
