import { expect, test } from '@jest/globals';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { sampleMonorepo } from '../../src/demo/monorepo.ts';
import { SAMPLE_NOW } from '../../src/demo/sample.ts';
import { withGitHub } from '../support/github.ts';
import { performStep } from '../support/in-process.ts';

const FILE = `services:
  web:
    environment: web-production
  mailer:
    environment: mailer-production
`;

test('the summary of two services has a heading for each verdict', async () => {
  const world = sampleMonorepo();
  world.files = { '.github/deploy-latency.yml': FILE };
  const { summary } = await withGitHub(world, {}, ({ apiUrl }) =>
    performStep({
      apiUrl,
      repository: 'larkspur/platform',
      event: 'schedule',
      inputs: { 'as-of': SAMPLE_NOW, stages: 'none' },
    }),
  );
  const html = micromark(summary, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, text]) => text);
  expect(headings).toHaveLength(3);
  expect(headings.slice(1)).toEqual([expect.stringContaining('web'), expect.stringContaining('mailer')]);
  expect(html).not.toContain('## ');
});
