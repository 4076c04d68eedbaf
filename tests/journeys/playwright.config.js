import { defineConfig } from '@playwright/test';

// `cargo xtask test` serves the built site and says where; by hand it is `cargo xtask serve`.
const site = process.env.DRYDOCK_SITE ?? 'http://127.0.0.1:8080/';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  workers: 2,
  // A machine busy with something else can starve a browser. What passes only at its second try is listed as flaky.
  retries: 1,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    baseURL: site,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.DRYDOCK_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
