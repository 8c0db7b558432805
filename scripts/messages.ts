/** The messages that the sources can print, read off them: errors, what is wrong with an input, remarks and gaps, annotations. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

export interface Message {
  file: string;
  /** Its words, with … for what differs from time to time. */
  text: string;
  /** Of a remark or a gap: what it means, as it stands beside it. */
  consequence: string;
}

const ERRORS = new Set([
  'GuardError',
  'NoToken',
  'NotAllowed',
  'NotFound',
  'Refused',
  'Unreadable',
  'TooLarge',
  'NothingDeployed',
]);
/** Rooms whose words are no messages: what a summary or a page says all the time, the fake GitHub, the samples. */
const NOT_MESSAGES = /^(?:fake-github|demo|diagnose\/rules|report\/contract|report\/render)/;

/** Rooms where a sentence is a message, however it is handed on. */
const ALL_SENTENCES =
  /^(?:config\/(?:yaml|file)|github\/(?:errors|explain|threads\/)|sources\/|publish\/|entries\/runner|run\/(?:perform|after-verdict|step-summary|context|telemetry|files)|report\/annotations)/;
const SENTENCE = /^(?:\p{Lu}|…|")[\s\S]*[.…"]$/u;

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree is walked without its types.
type Node = any;

/** A text's words; of a choice between two all that there are, of anything else `…`. */
function wordsOf(node: Node): string[] {
  switch (node?.type) {
    case 'StringLiteral':
      return [node.value];
    case 'ParenthesisExpression':
      return wordsOf(node.expression);
    case 'ConditionalExpression':
      return [...wordsOf(node.consequent), ...wordsOf(node.alternate)];
    case 'TemplateLiteral':
      return [
        node.quasis
          .map(
            (part: Node, i: number) => `${part.cooked ?? part.raw}${i < node.quasis.length - 1 ? '…' : ''}`,
          )
          .join(''),
      ];
    default:
      return [];
  }
}

/** Every message of every file, in the order of the files. */
export function messagesIn(folder = 'src'): Message[] {
  const found: Message[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((each) => each.replaceAll('\\', '/'))
    .filter((each) => each.endsWith('.ts') && !NOT_MESSAGES.test(each))
    .sort();
  for (const file of files) {
    const add = (texts: readonly string[], consequence = '') => {
      for (const text of texts) {
        const plain = text.replace(/\s+/g, ' ').trim();
        // A sentence, not a name.
        if (/[a-z] [a-z]/i.test(plain) && plain.replaceAll('…', '').length > 12)
          found.push({ file, text: plain, consequence });
      }
    };
    const visit = (node: Node): void => {
      if (Array.isArray(node)) return void node.forEach(visit);
      if (node === null || typeof node !== 'object') return;
      if (node.type === 'NewExpression' && ERRORS.has(node.callee?.value))
        add(wordsOf(node.arguments?.[0]?.expression));
      if (node.type === 'CallExpression' && node.callee?.value === 'badInput')
        add(
          wordsOf(node.arguments[2]?.expression).map((accepted) => {
            const [name] = wordsOf(node.arguments[0]?.expression);
            return `Input "${name ?? '…'}" is "…"; accepted: ${accepted}.`;
          }),
        );
      if (
        node.type === 'CallExpression' &&
        ['refuse', 'wrong'].includes(node.callee?.value ?? node.callee?.property?.value)
      )
        add(wordsOf(node.arguments.at(-1)?.expression).map((why) => `…, line …: ${why}.`));
      if (node.type === 'ObjectExpression') {
        const value = (name: string) =>
          wordsOf(node.properties.find((property: Node) => property.key?.value === name)?.value);
        const [consequence = ''] = value('consequence');
        if (consequence !== '') add(value('what'), consequence);
        else if (
          node.properties.some((property: Node) => property.key?.value === 'severity') ||
          value('title').length > 0
        )
          add(value('message'));
      }
      if (
        ALL_SENTENCES.test(file) &&
        (node.type === 'TemplateLiteral' || (node.type === 'StringLiteral' && file !== 'config/file.ts'))
      )
        add(
          wordsOf(node).filter((text) => SENTENCE.test(text.trim()) && (text.match(/ /g) ?? []).length >= 4),
        );
      // What stands beside a message, or says what an input is, is none.
      if (node.type === 'KeyValueProperty' && /^(?:consequence|description|remedy)$/.test(node.key?.value))
        return;
      if (node.type === 'KeyValueProperty' && node.key?.value === 'is') add(wordsOf(node.value));
      // Of findings each kind has its words.
      if (node.type === 'ReturnStatement' && /^(?:report\/words|run\/reporting\/sentences)\.ts$/.test(file))
        add(
          wordsOf(node.argument).filter((text) =>
            /(?:\bis not live\b|shipped .* changes at once|from merge to live \(|error budget|^Deployment … was|^No verdict|Fix the pipeline|^… more: )/.test(
              text,
            ),
          ),
        );
      for (const each of Object.values(node)) visit(each);
    };
    visit(
      parseSync(readFileSync(join(folder, file), 'utf8'), { syntax: 'typescript', target: 'es2022' }).body,
    );
  }
  return [...new Map(found.map((message) => [message.text, message])).values()];
}
