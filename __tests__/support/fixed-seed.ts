import fc from 'fast-check';

/** The same cases each time, so that a change is judged by what it changes; PROPERTY_SEED=$RANDOM draws others. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_125) });
