import { expect, test } from '@playwright/test';
import { open, routes } from './pages/site';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

for (const route of routes) {
  test(`/${route} does not scroll sideways on a phone`, async ({ page }) => {
    await open(page, route);
    const over = await page.evaluate(() => {
      const root = document.documentElement;
      return Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth;
    });
    expect(over).toBeLessThanOrEqual(0);
  });

  test(`/${route} has controls that a finger can meet`, async ({ page }) => {
    await open(page, route);
    const small = await page.evaluate(() => {
      const controls = document.querySelectorAll<HTMLElement>(
        'button, input, select, textarea, summary, [role=button], [role=tab], [role=slider], [role=option]',
      );
      return [...controls]
        .filter((control) => control.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        .map((control) => {
          // A label that wraps its control is where the finger goes.
          const target = control.closest('label') ?? control;
          const box = target.getBoundingClientRect();
          const name = control.getAttribute('aria-label') ?? control.textContent?.trim() ?? '';
          return { name: `${control.localName} "${name.slice(0, 40)}"`, width: box.width, height: box.height };
        })
        .filter((box) => box.width > 1 && (box.width < 43.5 || box.height < 43.5));
    });
    expect(small).toEqual([]);
  });
}
