/**
 * Writes what the sources say into what people read: the inputs and outputs of `action.yml`, the tables and examples
 * of the pages, and the fields of the report. A test fails where this would change anything.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { INPUT_NAMES, INPUTS } from '../src/config/inputs.ts';
import { ORGANIZATION_INPUTS } from '../src/config/organization.ts';
import { OUTPUTS } from '../src/report/outputs.ts';
import { COLUMNS } from '../src/report/rows.ts';
import { configJsonSchema, configTable } from './config-docs.ts';
import { reportJsonSchema, reportTable, runReportJsonSchema, runReportTable } from './report-docs.ts';

const quote = (text: string) => JSON.stringify(text);
/** Of one repository, and then of many. */
const ALL: [name: string, input: { default: string; description: string }][] = [
  ...INPUT_NAMES.map((name): [string, (typeof INPUTS)[typeof name]] => [name, INPUTS[name]]),
  ...Object.entries(ORGANIZATION_INPUTS),
];

export function actionYml(current: string): string {
  const inputs = ALL.map(([name, input]) => {
    const fallback = name === 'github-token' ? `\${{ github.token }}` : input.default;
    return `  ${name}:\n    description: ${quote(input.description)}\n    required: false\n    default: ${quote(fallback)}`;
  });
  const outputs = Object.entries(OUTPUTS).map(
    ([name, text]) => `  ${name}:\n    description: ${quote(text)}`,
  );
  return current.replace(
    /inputs:[\s\S]*(?=\nruns:)/,
    () => `inputs:\n${inputs.join('\n')}\noutputs:\n${outputs.join('\n')}`,
  );
}

/** What stands between markers, in whatever page has them: the tables of inputs and outputs, and files of examples/. */
export function marked(current: string): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = {
    inputs: [
      '| Input | Default | |',
      '| --- | --- | --- |',
      ...ALL.map(
        ([name, input]) =>
          `| \`${name}\` | ${input.default ? `\`${input.default}\`` : ''} | ${cell(input.description)} |`,
      ),
    ],
    rows: [
      '| Column | |',
      '| --- | --- |',
      ...COLUMNS.map(({ name, text }) => `| \`${name}\` | ${cell(text)} |`),
    ],
    outputs: [
      '| Output | |',
      '| --- | --- |',
      ...Object.entries(OUTPUTS).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`),
    ],
  };
  const withTables = Object.entries(rows).reduce(
    (text, [name, lines]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(?=<!-- /${name} -->)`),
        (_, start: string) => `${start}\n${lines.join('\n')}\n\n`,
      ),
    current,
  );
  return withTables.replace(
    /(<!-- example ([\w/-]+) -->\n)[\s\S]*?(?=<!-- \/example -->)/g,
    (_, start: string, name: string) =>
      `${start}\n\`\`\`yaml\n${readFileSync(`examples/${name}.yml`, 'utf8')}\`\`\`\n\n`,
  );
}

export function reportMd(current: string): string {
  return current
    .replace(
      /(<!-- fields -->\n)[\s\S]*?(?=<!-- \/fields -->)/,
      (_, start: string) => `${start}\n${reportTable()}\n\n`,
    )
    .replace(
      /(<!-- several -->\n)[\s\S]*?(?=<!-- \/several -->)/,
      (_, start: string) => `${start}\n${runReportTable()}\n\n`,
    );
}

export function configMd(current: string): string {
  return current.replace(
    /(<!-- keys -->\n)[\s\S]*?(?=<!-- \/keys -->)/,
    (_, start: string) => `${start}\n${configTable()}\n\n`,
  );
}

export const configSchemaJson = () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`;

export const runReportSchemaJson = () => `${JSON.stringify(runReportJsonSchema(), null, 2)}\n`;

export const reportSchemaJson = () => `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;

export const WRITTEN: Record<string, (current: string) => string> = {
  'action.yml': actionYml,
  'README.md': marked,
  'docs/recipes.md': marked,
  'docs/inputs.md': marked,
  'docs/rows.md': marked,
  'docs/report.md': reportMd,
  'docs/report.schema.json': reportSchemaJson,
  'docs/report-of-services.schema.json': runReportSchemaJson,
  'docs/config.md': configMd,
  'docs/config.schema.json': configSchemaJson,
};

if (process.argv[1]?.endsWith('docs.ts')) {
  for (const [file, write] of Object.entries(WRITTEN)) writeFileSync(file, write(readFileSync(file, 'utf8')));
}
