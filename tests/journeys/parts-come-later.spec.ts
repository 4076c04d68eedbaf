import { expect, test, type Page, type Route } from '@playwright/test';
import { lessons, open } from './pages/site';
import { Studio } from './pages/studio';

/** What the program stood still for, because it was in the middle of needing it. */
function waitedFor(page: Page): Promise<string[]> {
  return page.evaluate(() => performance.getEntriesByType('mark').map((mark) => mark.name));
}

/** Waits until everything is there that comes after the page. */
async function whole(page: Page, parts = ['rest', 'pages']): Promise<void> {
  await page.waitForFunction((parts) => {
    const { drydockPart } = globalThis as unknown as { drydockPart: (name: string) => unknown };
    return parts.every((name) => drydockPart(name) === true);
  }, parts);
}

const later = /-(pages|rest)-\w+\.wasm$/;

for (const lesson of lessons) {
  test(`${lesson} stands while the parts that come later are held back`, async ({ page }) => {
    // What the program stands in the middle of needing is let through: which function that is, if any,
    // differs between builds, and costs a wait.
    const held: Route[] = [];
    let holding = true;
    await page.route(later, (route) => {
      if (holding && route.request().resourceType() !== 'xhr') held.push(route);
      else void route.continue();
    });
    const studio = await Studio.open(page, `learn/${lesson}/`);
    await expect(studio.map).toBeVisible();
    await page.getByRole('button', { name: 'Begin with step 1' }).click();
    await expect(page.getByRole('region', { name: 'Check' })).toBeVisible();
    holding = false;
    for (const route of held) await route.continue();
    await whole(page);
  });
}

test('what was opened goes on without a network', async ({ page, context }) => {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  const studio = await Studio.open(page, 'sandbox/');
  await whole(page);
  await context.setOffline(true);
  await studio.run('aws ecs create-cluster --cluster-name shop');
  await studio.run("aws ecs list-clusters --query 'clusterArns[0]' --output text");
  await expect(studio.screen).toContainText('cluster/shop');
  await studio.run('aws ecs help');
  await page.getByRole('tab', { name: 'Documents' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Documents' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Site' }).getByRole('link', { name: 'About' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('About');
  expect(faults).toEqual([]);
});

test('a part that does not come is said in a sentence', async ({ page }) => {
  await page.route(/-pages-\w+\.wasm$/, (route) => route.abort());
  await open(page, `learn/${lessons[0]}/`);
  await whole(page, ['rest']);
  await page.getByRole('navigation', { name: 'Site' }).getByRole('link', { name: 'About' }).click();
  await expect(page.getByRole('heading', { name: 'This page did not arrive' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('a part that is needed before it came is waited for', async ({ page }) => {
  await page.route(later, (route) => (route.request().resourceType() === 'xhr' ? route.continue() : undefined));
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run("aws ecs list-clusters --query 'length(clusterArns)' --output text");
  await expect(studio.screen).toContainText('0');
  expect(await waitedFor(page)).toEqual(['drydock-waited-for-rest']);
});

test('a program that cannot go on says so, and keeps what was done', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name shop');
  await expect(studio.screen).toContainText('cluster/shop');
  const stopped = page.getByRole('alert').filter({ hasText: 'Drydock had to stop' });
  await expect(stopped).toBeHidden();
  // What the browser tells a page whose program met a fault.
  await page.evaluate(() => {
    const error = new WebAssembly.RuntimeError('unreachable');
    dispatchEvent(new ErrorEvent('error', { error }));
  });
  await expect(stopped).toBeVisible();
  await stopped.getByRole('button', { name: 'Load the page again' }).click();
  await expect(stopped).toBeHidden();
  await studio.run("aws ecs list-clusters --query 'clusterArns[0]' --output text");
  await expect(studio.screen).toContainText('cluster/shop');
});
