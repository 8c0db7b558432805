import { setTimeout as sleep } from 'node:timers/promises';
import * as core from '@actions/core';
import { isLoopback } from '../config/surroundings.ts';
import { asker } from '../production/ask.ts';
import { LIVE_INPUT_NAMES } from '../production/inputs.ts';
import { performLive } from '../production/perform-live.ts';
import { endWith, stepOf, surroundings } from './runner.ts';

endWith(async () => {
  const inputs = Object.fromEntries(LIVE_INPUT_NAMES.map((name) => [name, core.getInput(name)]));
  if (inputs['github-token']) core.setSecret(inputs['github-token']);
  const around = await surroundings(process);
  await performLive(
    {
      inputs,
      // The commit of the deployment that GitHub records for the job, even if the event is about another one.
      sha: process.env.GITHUB_SHA ?? '',
      surroundings: around,
      ask: asker(around.isProxied),
      clock: { now: Date.now, sleep },
      ...(isLoopback(around.apiUrl) ? { pace: 0 } : {}),
    },
    stepOf(process.env),
  );
}, '🔴 Production does not run this commit');
