/**
 * Counts the idioms that make correct English sound strange, and names that say nothing: in the pages, in the texts and
 * comments of the sources, and in what the sources declare. Fails past a bound. The count is a smoke alarm: a page that
 * passes may still read badly, so read it aloud.
 *
 * `npm run words` prints the counts; `npm run words -- PATH…` lists every hit below those paths.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

/** Idioms, with what to write instead. Each is looked for in prose, without code and quoted names. */
const IDIOMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:re|un)?(?:tells?|told|telling)\b/gi, 'report, show, say'],
  [/\b(?:stands?|stood|standing) (?!up\b|out\b)/gi, 'be, contain, follow'],
  [/\bcom(?:es?|ing) to (?!mind|an end\b)|\bcame to\b|\bcomes? of\b/gi, 'reach, amount to, lead to'],
  [/\bbecomes? of\b|\bbecame of\b/gi, 'happen to'],
  [/\b(?:is|are|was|were|be) of (?!interest|use\b|help)/gi, 'belong to, have'],
  [/\bin (?:its|their|his|the) stead\b/gi, 'instead'],
  [/\bso many\b|\bas many as there\b/gi, 'this many'],
  [/\bby (?:it|them|him|her)sel(?:f|ves)\b|\bof (?:it|them)sel(?:f|ves)\b/gi, 'alone, automatically'],
  [/\bborne out\b|\bbears? out\b/gi, 'confirm'],
  [/\bmend(?:s|ed|ing)?\b/gi, 'fix'],
  [/\briders?\b|\bmakings\b|\bride(?:s)? along\b/gi, 'name the thing'],
  [/\bbesides?\b/gi, 'next to, with, parallel'],
  [/\bunits?\b(?! tests?)/gi, 'service'],
  [/\bof which\b|\bby which\b|\bto which\b|\bthat which\b|\bof whom\b/gi, 'two sentences'],
  [/\bwhere(?:ver|by|in|upon)\b|\bthere(?:of|by|in|upon)\b|\bhence\b|\blest\b/gi, 'if, so, this way'],
  [/\bnothing (?:else|but)\b|\bin nothing but\b/gi, 'only'],
  [/\bnone of (?:them|it|these|those|which)\b/gi, 'no + noun'],
  [/\b(?:as|than) (?:the |its |their )?\w+ (?:says?|said|has it|have it)\b/gi, 'name the option or the file'],
  [/(?<!\bthere )\b(?:is|are|was|were) no (?!longer|more\b|need|way\b|one\b)/gi, 'is not a'],
  [/\bon the way\b|\bway to live\b|\bin the way\b|\bunder way\b/gi, 'path, step, running'],
  [
    /\bseldom\b|\bgladly\b|\btill\b|\bat the (?:most|least)\b|\bof late\b|\bof old\b/gi,
    'rarely, until, at most',
  ],
  [/\bknown of\b|\bheard of\b|\bsaid of\b|\basked of\b|\bread off\b/gi, 'know about, read from'],
  [/\b(?:is|are|was|were|be|being) (?:said|asked|held)\b/gi, 'say who does what'],
  [/\bwithout a word\b|\bin vain\b|\bfor nothing\b|\bcr(?:y|ies) (?:wolf|out)\b/gi, 'silently, unused'],
  [
    /\bgets? live\b|\bgot live\b|\bhow it was\b|\bwhat there is\b|\bthere to be\b/gi,
    'goes live; name the thing',
  ],
  [/\bone's\b|\beach(?:'s| one's)\b/gi, 'name the thing'],
  [/\bwhat (?:is|was) (?:of|there|left|left out|such|so)\b/gi, 'a noun'],
  [
    /(?:^|[.:!?]\s+|\n\s*[-*]\s+)(?:Of|By(?!\s+default)|Where|What|Whose|Which|None of|Such as)\s(?=[^?|#\n]*[.;:])/gm,
    'begin with the noun',
  ],
];

/** Names of variables, functions, types and properties that make a reader scroll to learn what they hold. */
const EMPTY_NAMES =
  /^(?:each|one|ones|its|left|found|way|ways|whole|wholes|beside|makings|riders?|asked|own|unit|units|told|tells?|untold|telling|got|gave|said|was|them|they|thing|things|stuff|borne)$|told|tell(?!ing$)|beside|whole|makings|rider|unit(?!Test|s?$)/i;

/** Names that JSON, a library or the field gives. */
const GIVEN_NAMES = new Set(['units', 'untold', 'unit', 'left', 'borneOut', 'own', 'hasOwn', 'whole']);

const BOUNDS = { pages: 2, sources: 2, told: 30, names: 30 };

interface Hit {
  file: string;
  line: number;
  text: string;
  instead: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree is walked without its types.
type Node = any;

/** Prose without what is not prose: code, addresses, tables' rules, hidden marks. */
const proseOf = (text: string) =>
  text
    .replace(/```[\s\S]*?```|~~~[\s\S]*?~~~/g, blank)
    .replace(/`[^`\n]*`|<!--[\s\S]*?-->|<[^>\n]+>|\]\([^)\n]*\)|https?:\S+/g, blank)
    .replace(/\$\{[^}\n]*\}/g, blank);

/** As many characters, so that lines stay where they are. */
const blank = (text: string) => text.replace(/[^\n]/g, ' ');

function idiomsIn(file: string, prose: string, firstLine = 1): Hit[] {
  return IDIOMS.flatMap(([pattern, instead]) =>
    [...prose.matchAll(pattern)].map((match) => ({
      file,
      line: firstLine + prose.slice(0, match.index).split('\n').length - 1,
      text: prose
        .slice(Math.max(0, match.index - 30), match.index + 50)
        .replace(/\s+/g, ' ')
        .trim(),
      instead,
    })),
  );
}

const wordsIn = (prose: string) => prose.match(/[A-Za-z][A-Za-z'-]*/g)?.length ?? 0;

const commentsOf = (source: string) =>
  source
    .match(/^\s*(?:\/\*\*?|\*(?!\/)|\/\/(?! biome-ignore)).*$/gm)
    ?.map((line) => line.replace(/^\s*(?:\/\*\*?|\*|\/\/)|\*\/\s*$/g, '')) ?? [];

/** A source's texts (strings of two words and more), with the line of each, and the names that it declares. */
function readSource(source: string): { texts: string[]; names: string[] } {
  const texts: string[] = [];
  const names: string[] = [];
  const declare = (pattern: Node): void => {
    if (pattern?.type === 'Identifier') names.push(pattern.value);
    for (const element of pattern?.elements ?? []) declare(element);
    for (const property of pattern?.properties ?? [])
      declare(
        property.type === 'KeyValuePatternProperty' ? property.value : (property.key ?? property.argument),
      );
    if (pattern?.type === 'AssignmentPattern') declare(pattern.left);
    if (pattern?.type === 'RestElement') declare(pattern.argument);
  };
  const visit = (node: Node): void => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    if (node.type === 'ImportDeclaration') return;
    if (node.type === 'StringLiteral' && /[a-z] [a-z]/i.test(node.value)) texts.push(node.value);
    if (node.type === 'TemplateLiteral') {
      const text = (node.quasis ?? []).map((part: Node) => part.cooked ?? part.raw).join(' … ');
      if (/[a-z] [a-z]/i.test(text) && !/^\s*(?:query|fragment|mutation|\.\.\.|\{)/.test(text))
        texts.push(text);
    }
    if (node.type === 'VariableDeclarator') declare(node.id);
    if (node.type === 'Parameter') declare(node.pat);
    if (node.type === 'ArrowFunctionExpression') node.params.forEach(declare);
    if (['FunctionDeclaration', 'ClassDeclaration'].includes(node.type)) declare(node.identifier);
    if (['TsInterfaceDeclaration', 'TsTypeAliasDeclaration'].includes(node.type)) declare(node.id);
    if (['TsPropertySignature', 'TsMethodSignature'].includes(node.type)) declare(node.key);
    Object.values(node).forEach(visit);
  };
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }).body);
  return { texts, names };
}

const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
    .sort();

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'action.yml',
  'organization/action.yml',
  'live/action.yml',
  ...filesIn('docs', '.md'),
];

const paths = process.argv.slice(2).filter((path) => !path.startsWith('-'));
const isListed = (file: string) => paths.some((path) => file.startsWith(path));
const hits: Hit[] = [];
const count = { pages: 0, pageWords: 0, sources: 0, sourceWords: 0, told: 0, names: 0 };

for (const file of PAGES) {
  const prose = proseOf(readFileSync(file, 'utf8'));
  const found = idiomsIn(file, prose);
  hits.push(...found);
  count.pages += found.length;
  count.pageWords += wordsIn(prose);
}
for (const file of filesIn('src', '.ts')) {
  const source = readFileSync(file, 'utf8');
  const { texts, names } = readSource(source);
  const prose = proseOf([...texts, commentsOf(source).join('\n')].join('\n\n'));
  const found = idiomsIn(file, prose).map((hit) => ({ ...hit, line: lineOf(source, hit.text) }));
  const empty = names.filter((name) => EMPTY_NAMES.test(name) && !GIVEN_NAMES.has(name));
  hits.push(
    ...found,
    ...empty.map((name) => ({
      file,
      line: lineOf(source, name),
      text: name,
      instead: 'a noun of the field',
    })),
  );
  count.sources += found.length;
  count.sourceWords += wordsIn(prose);
  count.names += empty.length;
  count.told +=
    source.match(/\b(?:un)?(?:told|tells?|telling)\b|(?:told|tell)(?=[A-Z])|(?:Told|Tell)/g)?.length ?? 0;
}

/** The line where a text begins in a file, or 0. */
function lineOf(source: string, text: string): number {
  const words = text
    .split(/\s+/)
    .slice(0, 3)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const match = new RegExp(words.join('[\\s*/]+')).exec(source);
  return match ? source.slice(0, match.index).split('\n').length : 0;
}

const perThousand = (idioms: number, words: number) => (1000 * idioms) / Math.max(1, words);
const figures = {
  pages: perThousand(count.pages, count.pageWords),
  sources: perThousand(count.sources, count.sourceWords),
  told: count.told,
  names: count.names,
};
for (const hit of hits.filter(({ file }) => isListed(file)))
  console.log(`${hit.file}:${hit.line}: "${hit.text}" (instead: ${hit.instead})`);
console.log(
  [
    `pages: ${figures.pages.toFixed(1)} idioms per 1,000 words (at most ${BOUNDS.pages})`,
    `texts and comments of src/: ${figures.sources.toFixed(1)} per 1,000 words (at most ${BOUNDS.sources})`,
    `told, tell in src/: ${figures.told} (at most ${BOUNDS.told})`,
    `names in src/ that say nothing: ${figures.names} (at most ${BOUNDS.names})`,
  ].join('\n'),
);
const over = Object.entries(BOUNDS).filter(([key, most]) => figures[key as keyof typeof figures] > most);
if (over.length > 0) {
  console.error(
    `Too many: ${over.map(([key]) => key).join(', ')}. List them with \`npm run words -- docs src\`.`,
  );
  process.exitCode = 1;
}
