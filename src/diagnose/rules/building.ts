import { commandsIn, runsAny } from './commands.ts';
import { jobYaml, script, step, uses, type Rule } from './rule.ts';

/** What is built, and built again. */

const IMAGE = /^docker (?:build|buildx (?:build|bake)|pull|compose (?:build|pull))\b/;
const LAYERS = /--cache-from|cache-from|BUILDKIT_INLINE_CACHE/;
const BUILD =
  /^(?:npm run build|yarn (?:run )?build|pnpm (?:run )?build|(?:\.\/)?gradlew? (?:build|assemble)|mvn (?:package|install)|cargo build|go build|make build|make$)/;

export const imageWithoutLayerCache: Rule = {
  id: 'image-without-layer-cache',
  title: 'An image is built or pulled without a layer cache',
  advice: 'Keep the layers between runs.',
  yaml: (match) =>
    jobYaml(match, [
      '- uses: docker/setup-buildx-action@v4',
      '- uses: docker/build-push-action@v7',
      '  with:',
      '    cache-from: type=gha',
      '    cache-to: type=gha,mode=max',
    ]),
  remains: [0.3, 0.7],
  find: step(
    (step) =>
      (runsAny(script(step), IMAGE) && !LAYERS.test(script(step))) ||
      (uses(step, /^docker\/(?:build-push-action|bake-action)@/) && !hasLayers(step.fileStep?.with ?? {})),
  ),
};

/** An image's layers are kept by `cache-from`, or by a line of `set` (bake), or by the builder itself. */
const hasLayers = (inputs: Record<string, unknown>): boolean =>
  inputs['cache-from'] !== undefined || Object.values(inputs).some((each) => LAYERS.test(String(each)));

export const builtTwice: Rule = {
  id: 'built-twice',
  title: 'The same is built more than once',
  advice: 'Build once, upload it as an artifact, and download it where it is needed.',
  yaml: null,
  remains: [0, 0.2],
  find: (evidence) => {
    const builds = evidence.path.steps.filter((step) => runsAny(script(step), BUILD));
    return step((step) =>
      builds.some(
        (first) =>
          first !== step &&
          builds.indexOf(first) < builds.indexOf(step) &&
          commandsIn(script(first)).join('\n') === commandsIn(script(step)).join('\n'),
      ),
    )(evidence);
  },
};
