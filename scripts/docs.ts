/**
 * Writes what the sources say into what people read: the inputs and outputs of `action.yml`, the tables and examples
 * of the pages, and the fields of the report. A test fails where this would change anything.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  COMMANDS_WITH_OPTIONS,
  GROUPS,
  type Option,
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  optionsAt,
} from '../src/config/options.ts';
import { LIVE_INPUT_NAMES, LIVE_INPUTS } from '../src/production/inputs.ts';
import { actionOutputs, LIVE_OUTPUTS, ORGANIZATION_OUTPUTS, OUTPUTS } from '../src/report/outputs.ts';
import { COLUMNS } from '../src/report/rows.ts';
import { configJsonSchema, configTable } from './config-docs.ts';
import { reportJsonSchema, reportTable, runReportJsonSchema, runReportTable } from './report-docs.ts';
import { withSection } from './sections.ts';

const quote = (text: string) => JSON.stringify(text);

/** The inputs of an action that measures, in their groups. */
const optionInputs = (door: 'input' | 'organization input'): string[] =>
  groupsOf(optionsAt(door)).flatMap(([heading, names]) => [
    `  # ${heading}`,
    ...names.map((name) => inputLines(name, OPTIONS[name])),
  ]);

function inputLines(name: string, row: { description: string; default: string }): string {
  const lines = [`  ${name}:`, `    description: ${quote(row.description)}`, '    required: false'];
  // A runner passes a default like a value that somebody set, and the configuration file could not replace it.
  if (name === 'github-token') lines.push(`    default: ${quote(`\${{ github.token }}`)}`);
  return lines.join('\n');
}

/** An action's own file: its inputs and its outputs. */
function actionFile(inputs: readonly string[], outputs: readonly (keyof typeof OUTPUTS)[]) {
  const told = outputs.map((name) => `  ${name}:\n    description: ${quote(OUTPUTS[name])}`);
  return (current: string): string =>
    current.replace(
      /inputs:[\s\S]*(?=\nruns:)/,
      () => `inputs:\n${inputs.join('\n')}\noutputs:\n${told.join('\n')}`,
    );
}

/** Options under the headings of their groups. */
function groupsOf(names: readonly OptionName[]): [string, OptionName[]][] {
  return (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).flatMap((group): [string, OptionName[]][] => {
    const own = names.filter((name) => OPTIONS[name].group === group);
    return own.length > 0 ? [[GROUPS[group], own]] : [];
  });
}

export const actionYml = actionFile(optionInputs('input'), actionOutputs());

const cell = (text: string) => text.replaceAll('|', '\\|');

/** Every option, under the heading of its group, with the places that accept it. */
function optionTables(): string[] {
  const rowOf = (name: OptionName) => {
    const row: Option = OPTIONS[name];
    const where = [
      row.doors.includes('input') && 'input',
      row.doors.includes('organization input') && 'input of `organization`',
      row.doors.includes('file') && (row.scopes.includes('service') ? 'file, service' : 'file'),
      COMMANDS_WITH_OPTIONS.some((each) => row.doors.includes(each)) && 'flag',
    ].filter((each) => each !== false);
    return `| \`${name}\` | ${row.default ? `\`${row.default}\`` : ''} | ${where.join(', ')} | ${cell(row.description)} |`;
  };
  return groupsOf(OPTION_NAMES).flatMap(([heading, names]) => [
    `### ${heading}`,
    '',
    '| Option | Default | Set in | Description |',
    '| --- | --- | --- | --- |',
    ...names.map(rowOf),
    '',
  ]);
}

/** What stands between markers, in whatever page has them: the tables of inputs and outputs, and files of examples/. */
export function marked(current: string): string {
  const rows = {
    inputs: optionTables(),
    live: [
      '| Input | Default | Description |',
      '| --- | --- | --- |',
      ...LIVE_INPUT_NAMES.map((name) => {
        const row = LIVE_INPUTS[name];
        return `| \`${name}\` | ${row.default && `\`${row.default}\``} | ${cell(row.description)} |`;
      }),
    ],
    rows: [
      '| Column | Description |',
      '| --- | --- |',
      ...COLUMNS.map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`),
    ],
    outputs: [
      '| Output | Description |',
      '| --- | --- |',
      ...Object.entries(OUTPUTS).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`),
    ],
  };
  const withTables = Object.entries(rows).reduce(
    (page, [name, lines]) => withSection(page, name, lines.join('\n')),
    current,
  );
  return withTables.replace(
    /(<!-- example ([\w/-]+) -->\n)[\s\S]*?(?=<!-- \/example -->)/g,
    (_, start: string, name: string) =>
      `${start}\n\`\`\`yaml\n${readFileSync(`examples/${name}.yml`, 'utf8')}\`\`\`\n\n`,
  );
}

export const reportMd = (current: string): string =>
  withSection(withSection(current, 'fields', reportTable()), 'several', runReportTable());

export const configMd = (current: string): string => withSection(current, 'keys', configTable());

export const configSchemaJson = () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`;

export const runReportSchemaJson = () => `${JSON.stringify(runReportJsonSchema(), null, 2)}\n`;

export const reportSchemaJson = () => `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;

export const WRITTEN: Record<string, (current: string) => string> = {
  'action.yml': actionYml,
  'organization/action.yml': actionFile(optionInputs('organization input'), ORGANIZATION_OUTPUTS),
  'live/action.yml': actionFile(
    LIVE_INPUT_NAMES.map((name) => inputLines(name, LIVE_INPUTS[name])),
    LIVE_OUTPUTS,
  ),
  'README.md': marked,
  'docs/recipes.md': marked,
  'docs/configuration.md': (current) => configMd(marked(current)),
  'docs/report.md': (current) => reportMd(marked(current)),
  'docs/report.schema.json': reportSchemaJson,
  'docs/report-of-services.schema.json': runReportSchemaJson,
  'docs/config.schema.json': configSchemaJson,
};

if (process.argv[1]?.endsWith('docs.ts')) {
  for (const [file, write] of Object.entries(WRITTEN)) writeFileSync(file, write(readFileSync(file, 'utf8')));
}
