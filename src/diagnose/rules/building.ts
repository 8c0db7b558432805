import { commandsIn, runsAny } from './commands.ts';
import { jobYaml, type Rule, scriptOf, stepsWhere, usesAction } from './rule.ts';

/** Rules about builds. */

const IMAGE = /^docker (?:build|buildx (?:build|bake)|pull|compose (?:build|pull))\b/;
const LAYERS = /--cache-from|cache-from|BUILDKIT_INLINE_CACHE/;
const BUILD =
  /^(?:npm run build|yarn (?:run )?build|pnpm (?:run )?build|(?:\.\/)?gradlew? (?:build|assemble)|mvn (?:package|install)|cargo build|go build|make build|make$)/;

export const imageWithoutLayerCache: Rule = {
  id: 'image-without-layer-cache',
  title: 'Every image layer is built or pulled again',
  advice: 'Keep the layers between runs: set `cache-from` and `cache-to`.',
  yaml: (match) =>
    jobYaml(match, [
      '- uses: docker/setup-buildx-action@v4',
      '- uses: docker/build-push-action@v7',
      '  with:',
      '    cache-from: type=gha',
      '    cache-to: type=gha,mode=max',
    ]),
  remains: [0.3, 0.7],
  find: stepsWhere(
    (step) =>
      (runsAny(scriptOf(step), IMAGE) && !LAYERS.test(scriptOf(step))) ||
      (usesAction(step, /^docker\/(?:build-push-action|bake-action)@/) &&
        !cachesLayers(step.fileStep?.with ?? {})),
  ),
};

/** Layers are cached with the input `cache-from`, or with a line of another input, such as `set` of bake. */
const cachesLayers = (inputs: Record<string, unknown>): boolean =>
  inputs['cache-from'] !== undefined || Object.values(inputs).some((input) => LAYERS.test(String(input)));

export const builtTwice: Rule = {
  id: 'built-twice',
  title: 'The same code is built more than once',
  advice: 'Build once, upload the result as an artifact, and download it in the jobs that need it.',
  yaml: null,
  remains: [0, 0.2],
  find: (evidence) => {
    const builds = evidence.path.steps.filter((step) => runsAny(scriptOf(step), BUILD));
    const commandsOf = (step: (typeof builds)[number]) => commandsIn(scriptOf(step)).join('\n');
    const isRepeated = (step: (typeof builds)[number]) =>
      builds.slice(0, builds.indexOf(step)).some((earlier) => commandsOf(earlier) === commandsOf(step));
    return stepsWhere((step) => builds.includes(step) && isRepeated(step))(evidence);
  },
};
