import journeys from './playwright.config.js';

// What `cargo xtask bench --page` plays: figures, one at a time, nothing that passes or fails.
export default {
  ...journeys,
  testDir: './bench',
  testMatch: '*.bench.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  reporter: [['line']],
  use: { ...journeys.use, trace: 'off' },
};
