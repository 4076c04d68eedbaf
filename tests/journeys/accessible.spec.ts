import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { open, routes } from './pages/site';

for (const scheme of ['light', 'dark'] as const) {
  for (const route of routes) {
    test(`axe finds nothing on /${route}, ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await open(page, route);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.flatMap((violation) =>
        violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`),
      );
      expect(found).toEqual([]);
    });
  }
}
