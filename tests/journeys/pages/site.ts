import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Every lesson, by the name of its folder. */
export const lessons = readdirSync(join(root, 'lessons/content'), { withFileTypes: true })
  .filter((entry) => existsSync(join(root, 'lessons/content', entry.name, 'lesson.toml')))
  .map((entry) => entry.name)
  .sort();

/** Every route of the site, relative to its root. */
export const routes = ['', 'learn/', 'sandbox/', 'watch/', 'about/', ...lessons.map((name) => `learn/${name}/`)];

/** The address of a route, wherever the site hangs. */
export function address(route: string): string {
  return `./${route}`;
}

/** Opens a route and waits until the app has taken the place of the text. */
export async function open(page: Page, route: string): Promise<void> {
  // A reader who has been here before: the signs of the first visit have their own journey.
  await page.addInitScript(() => localStorage.setItem('drydock.coach', 'seen'));
  await page.goto(address(route));
  await expect(page.locator('#reader')).toBeHidden({ timeout: 20_000 });
}

/** What went wrong on a page while a test used it: errors, and requests that left the site. */
export function watch(page: Page, site: string): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(site) && !/^(data|blob):/.test(request.url())) {
      faults.push(`left the site: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  return faults;
}
