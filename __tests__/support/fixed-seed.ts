import fc from 'fast-check';

/** Property tests use the same cases every time. PROPERTY_SEED=$RANDOM draws other cases. */
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_125) });
