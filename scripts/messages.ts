/** Collects the messages in the sources: errors, invalid inputs, remarks, gaps and annotations. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

export interface Message {
  file: string;
  /** The text, with … for variable parts. */
  text: string;
  /** Consequence of a remark or a gap; empty for other messages. */
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
/** Folders whose texts are not messages: constant texts of the summary and the page, the fake GitHub, the samples. */
const NOT_MESSAGES = /^(?:fake-github|demo|diagnose\/rules|report\/contract|report\/render)/;

/** Folders in which every sentence is a message. */
const ALL_SENTENCES =
  /^(?:config\/(?:yaml|file)|github\/(?:errors|explain|threads\/)|sources\/|publish\/|entries\/runner|run\/(?:perform|after-verdict|step-summary|context|telemetry|files)|report\/annotations)/;
const SENTENCE = /^(?:\p{Lu}|…|")[\s\S]*[.…"]$/u;

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree is walked without its types.
type Node = any;

/** The texts of an expression: both texts of a conditional, with `…` for variable parts. */
function textsOf(node: Node): string[] {
  switch (node?.type) {
    case 'StringLiteral':
      return [node.value];
    case 'ParenthesisExpression':
      return textsOf(node.expression);
    case 'ConditionalExpression':
      return [...textsOf(node.consequent), ...textsOf(node.alternate)];
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

/** All messages, sorted by file. */
export function messagesIn(folder = 'src'): Message[] {
  const messages: Message[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !NOT_MESSAGES.test(file))
    .sort();
  for (const file of files) {
    const add = (texts: readonly string[], consequence = '') => {
      for (const text of texts) {
        const plain = text.replace(/\s+/g, ' ').trim();
        // A sentence, not a name.
        if (/[a-z] [a-z]/i.test(plain) && plain.replaceAll('…', '').length > 12)
          messages.push({ file, text: plain, consequence });
      }
    };
    const visit = (node: Node): void => {
      if (Array.isArray(node)) return void node.forEach(visit);
      if (node === null || typeof node !== 'object') return;
      if (node.type === 'NewExpression' && ERRORS.has(node.callee?.value))
        add(textsOf(node.arguments?.[0]?.expression));
      if (node.type === 'CallExpression' && node.callee?.value === 'badInput')
        add(
          textsOf(node.arguments[2]?.expression).map((accepted) => {
            const [name] = textsOf(node.arguments[0]?.expression);
            return `Input "${name ?? '…'}" is "…"; accepted: ${accepted}.`;
          }),
        );
      if (
        node.type === 'CallExpression' &&
        ['refuse', 'wrong'].includes(node.callee?.value ?? node.callee?.property?.value)
      )
        add(textsOf(node.arguments.at(-1)?.expression).map((why) => `…, line …: ${why}.`));
      if (node.type === 'ObjectExpression') {
        const value = (name: string) =>
          textsOf(node.properties.find((property: Node) => property.key?.value === name)?.value);
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
          textsOf(node).filter((text) => SENTENCE.test(text.trim()) && (text.match(/ /g) ?? []).length >= 4),
        );
      // A consequence, a description or a remedy is not a message.
      if (node.type === 'KeyValueProperty' && /^(?:consequence|description|remedy)$/.test(node.key?.value))
        return;
      if (node.type === 'KeyValueProperty' && node.key?.value === 'is') add(textsOf(node.value));
      // Texts of findings.
      if (node.type === 'ReturnStatement' && /^(?:report\/words|run\/reporting\/sentences)\.ts$/.test(file))
        add(
          textsOf(node.argument).filter((text) =>
            /(?:\bis not live\b|shipped .* changes at once|from merge to live \(|error budget|^Deployment … was|^No verdict|Fix the pipeline|^… more: )/.test(
              text,
            ),
          ),
        );
      for (const child of Object.values(node)) visit(child);
    };
    visit(
      parseSync(readFileSync(join(folder, file), 'utf8'), { syntax: 'typescript', target: 'es2022' }).body,
    );
  }
  return [...new Map(messages.map((message) => [message.text, message])).values()];
}
