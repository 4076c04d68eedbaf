import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, type Page } from '@playwright/test';
import { lessons, open } from '../pages/site';
import { solution, Studio } from '../pages/studio';

const notes = join(dirname(fileURLToPath(import.meta.url)), '../../../target/parts.json');
const called: Record<'first' | 'pages', Set<number>> = { first: new Set(), pages: new Set() };

/** Notes which functions the page has called so far. */
async function note(page: Page, kind: keyof typeof called): Promise<void> {
  const indices = await page.evaluate(() =>
    Object.keys((globalThis as unknown as { drydockCalled: number[] }).drydockCalled).map(Number),
  );
  indices.forEach((index) => called[kind].add(index));
}

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  for (const lesson of lessons) {
    test(`${lesson} at ${width}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      const studio = await Studio.open(page, `learn/${lesson}/`).catch(() => new Studio(page));
      await page.waitForTimeout(500);
      // What a learner does first: goes to the first step, and enters the first command.
      if (width > 1_000) {
        await page.getByRole('button', { name: 'Begin with step 1' }).click();
        await studio.run(solution(lesson)[0]);
        await page.waitForTimeout(300);
      }
      await note(page, 'first');
    });
  }
}

test('a page that does not arrive', async ({ page }) => {
  await open(page, `learn/${lessons[0]}/`);
  await page.evaluate(() => Object.assign(globalThis, { drydockLost: true }));
  await page.getByRole('navigation', { name: 'Site' }).getByRole('link', { name: 'About' }).click();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'This page did not arrive' }).waitFor();
  await note(page, 'first');
});

test('a first visit', async ({ page }) => {
  await page.goto(`./learn/${lessons[0]}/`);
  await page.locator('#reader').waitFor({ state: 'hidden' });
  await page.waitForTimeout(500);
  await note(page, 'first');
});

for (const [route, kind] of [
  ['sandbox/', 'first'],
  ['', 'pages'],
  ['learn/', 'pages'],
  ['watch/', 'pages'],
  ['about/', 'pages'],
] as const) {
  test(`/${route}`, async ({ page }) => {
    await open(page, route);
    await page.waitForTimeout(500);
    await note(page, kind);
  });
}

test.afterAll(() => {
  mkdirSync(dirname(notes), { recursive: true });
  // After a failure the tests go on in another process, which does not know what this one noted.
  const before = existsSync(notes) ? JSON.parse(readFileSync(notes, 'utf8')) : { first: [], pages: [] };
  before.first.forEach((index: number) => called.first.add(index));
  before.pages.forEach((index: number) => called.pages.add(index));
  writeFileSync(notes, JSON.stringify({ first: [...called.first], pages: [...called.pages] }));
});
