import * as core from '@actions/core';
import { isLoopback } from '../config/surroundings.ts';
import { perform } from '../run/perform.ts';
import { runStep } from './runner.ts';

runStep('input', (inputs, surroundings, step) =>
  perform(
    {
      inputs,
      surroundings,
      client: { onNotice: core.info, ...(isLoopback(surroundings.apiUrl) ? { pace: 0 } : {}) },
    },
    step,
  ),
);
