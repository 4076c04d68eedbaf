import { expect, test } from '@playwright/test';
import { open } from './pages/site';

test('where no endpoint is, the page says what to do', async ({ page }) => {
  await open(page, 'sandbox/');
  await page.getByRole('link', { name: /watch a world/ }).click();
  await page.getByRole('button', { name: 'Watch the endpoint here' }).click();
  await expect(page.getByText(/Nothing answers at this address/)).toBeVisible();
  await expect(page.getByText('cargo xtask endpoint')).toBeVisible();
});

test('an endpoint is followed line by line, and a copy goes into the sandbox', async ({ page }) => {
  const news = [
    ['begun', { seed: 7, behaviour: 1, lines: 0, records: 0 }],
    ['line', { n: 0, at: 1_000, command: 'aws ecs create-cluster --cluster-name harbour' }],
    ['clock', { at: 61_000, time: '2026-01-05T09:01:01.000Z', speed: 60 }],
  ] as const;
  const told = news.map(([name, data], at) => `id: 0-${at}-0\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  await page.route('**/drydock/timeline', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: `retry: 600000\n\n${told.join('')}` }),
  );
  await open(page, 'watch/');
  await page.getByRole('button', { name: 'Watch the endpoint here' }).click();
  await expect(page.getByLabel('Sandbox time')).toHaveText('09:01:01');
  await expect(page.getByText('1 command; time at 60×')).toBeVisible();
  await page.getByRole('button', { name: 'Take a copy into the sandbox' }).click();
  await expect(page.getByText(/This is the run from the link/)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('harbour').first()).toBeVisible();
});
